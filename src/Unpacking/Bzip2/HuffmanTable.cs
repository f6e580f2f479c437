namespace BlockRbd.Unpacking.Bzip2;

/// <summary>A canonical Huffman code, told by the length of each symbol's code (1 to 20).</summary>
internal sealed class HuffmanTable
{
    public const int MaxBits = 20;

    private readonly int[] _counts = new int[MaxBits + 1];
    private readonly int[] _symbols;

    public HuffmanTable(ReadOnlySpan<byte> lengths)
    {
        _symbols = new int[lengths.Length];
        foreach (byte length in lengths)
        {
            _counts[length]++;
        }

        int next = 0;
        for (int length = 1; length <= MaxBits; length++)
        {
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    _symbols[next++] = symbol;
                }
            }
        }
    }

    /// <returns>The next symbol, or -1 where the bits are none.</returns>
    public int Decode(BitReader bits)
    {
        int code = 0, first = 0, index = 0;
        for (int length = 1; length <= MaxBits; length++)
        {
            code |= bits.ReadBit() ? 1 : 0;
            int count = _counts[length];
            if (code - first < count)
            {
                return code < first ? -1 : _symbols[index + code - first];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        return -1;
    }
}
