namespace BlockRbd.Unpacking.Lz4;

/// <summary>LZ4's legacy frame (lz4_Frame_format.md, "Legacy frame"), the only one that Linux unpacks itself from. It ends where the source ends.</summary>
internal static class Lz4Legacy
{
    private const string Format = "lz4";
    private const uint Magic = 0x184C2102;

    public static void Unpack(Stream source, BoundedOutput output, UnpackLimits limits)
    {
        PackedInput input = new(Format, source);
        byte[] unpacked = new byte[Math.Min(UnpackLimits.Lz4LegacyBlock, output.Remaining + 1)];
        byte[] packed = [];
        if (input.ReadUInt32LittleEndian() != Magic)
        {
            UnpackException.Corrupt(Format, "no legacy frame");
        }

        while (!input.AtEnd)
        {
            uint length = input.ReadUInt32LittleEndian();
            if (length == Magic)
            {
                continue; // frames may follow each other
            }

            if (length > MaxPacked(UnpackLimits.Lz4LegacyBlock))
            {
                UnpackException.Corrupt(Format, $"a block of {length} bytes, more than 8 MiB can be packed to");
            }

            packed = packed.Length < length ? new byte[length] : packed;
            Span<byte> block = packed.AsSpan(0, (int)length);
            input.ReadExactly(block);
            output.Write(unpacked.AsSpan(0, Lz4Block.Unpack(block, unpacked)));
        }
    }

    private static int MaxPacked(int bytes) => bytes + (bytes / 255) + 16; // LZ4_COMPRESSBOUND
}
