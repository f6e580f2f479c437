using System.Numerics;

namespace BlockRbd.Unpacking.Bzip2;

/// <summary>bzip2's file format: one stream of blocks.</summary>
internal static class Bzip2Stream
{
    private const string Format = "bzip2";
    private const ulong BlockMagic = 0x314159265359;
    private const ulong EndMagic = 0x177245385090;

    public static void Unpack(Stream source, BoundedOutput output, UnpackLimits limits)
    {
        PackedInput input = new(Format, source);
        byte[] header = input.ReadExactly(4);
        if (!header.AsSpan().StartsWith("BZh"u8) || header[3] is < (byte)'1' or > (byte)'9')
        {
            UnpackException.Corrupt(Format, "no bzip2 stream");
        }

        BitReader bits = new(input);
        Bzip2Block block = new(bits, (header[3] - '0') * 100_000);
        uint all = 0;
        ulong magic;
        while ((magic = bits.Read(48)) == BlockMagic)
        {
            all = BitOperations.RotateLeft(all, 1) ^ block.Decode(output);
        }

        if (magic != EndMagic)
        {
            UnpackException.Corrupt(Format, $"0x{magic:x12} where a block should begin");
        }

        if (!StoredChecksum.Matches(bits.Read(32), all))
        {
            UnpackException.Corrupt(Format, "its checksum is wrong");
        }
    }
}
