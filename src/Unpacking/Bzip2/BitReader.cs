namespace BlockRbd.Unpacking.Bzip2;

/// <summary>Bits of a stream, the highest of each byte first.</summary>
internal sealed class BitReader(PackedInput input)
{
    private ulong _bits;
    private int _count;

    /// <summary>Up to 48 bits.</summary>
    public ulong Read(int count)
    {
        while (_count < count)
        {
            _bits = unchecked((_bits << 8) | input.ReadByte());
            _count += 8;
        }

        _count -= count;
        return (_bits >> _count) & ((1UL << count) - 1);
    }

    public int ReadInt(int count) => (int)Read(count);

    public bool ReadBit() => Read(1) != 0;
}
