namespace BlockRbd.GuestDisk;

/// <summary>CRC-32 of IEEE 802.3 (reflected, 0xEDB88320), as GPT uses it.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>Start value for <see cref="Append"/>; <see cref="Append"/>'s result is inverted at the end by <see cref="Finish"/>.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>Goes on from <paramref name="crc"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    public static uint Finish(uint crc) => ~crc;

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
