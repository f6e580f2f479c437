namespace BlockRbd.Unpacking.Bzip2;

/// <summary>bzip2's CRC-32: polynomial 0x04C11DB7, highest bit first.</summary>
internal static class Bzip2Crc
{
    private static readonly uint[] Table = MakeTable();

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc = unchecked(crc << 8) ^ Table[(crc >> 24) ^ b];
        }

        return crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                value = unchecked((value & 0x80000000) != 0 ? (value << 1) ^ 0x04C11DB7 : value << 1);
            }

            table[i] = value;
        }

        return table;
    }
}
