namespace BlockRbd.Unpacking.Lzma;

/// <summary>Lengths of matches (LZMA specification, "The Match Length Decoding").</summary>
internal sealed class LengthDecoder
{
    private const int MaxPositionStates = 1 << 4;
    private readonly ushort[] _choices = new ushort[2];
    private readonly ushort[] _low = new ushort[MaxPositionStates << 3];
    private readonly ushort[] _middle = new ushort[MaxPositionStates << 3];
    private readonly ushort[] _high = new ushort[1 << 8];

    public void Reset()
    {
        foreach (ushort[] probabilities in (ReadOnlySpan<ushort[]>)[_choices, _low, _middle, _high])
        {
            probabilities.AsSpan().Fill(RangeDecoder.Half);
        }
    }

    /// <summary>A length, 2 to 273.</summary>
    public int Decode(RangeDecoder range, int positionState)
    {
        const int MinMatch = 2;
        if (range.Bit(ref _choices[0]) == 0)
        {
            return MinMatch + range.Tree(_low.AsSpan(positionState << 3, 8), 3);
        }

        return range.Bit(ref _choices[1]) == 0
            ? MinMatch + 8 + range.Tree(_middle.AsSpan(positionState << 3, 8), 3)
            : MinMatch + 16 + range.Tree(_high, 8);
    }
}
