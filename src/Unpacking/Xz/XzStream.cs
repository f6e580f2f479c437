using System.Buffers.Binary;
using BlockRbd.Unpacking.Lzma;

namespace BlockRbd.Unpacking.Xz;

/// <summary>The .xz file format, version 1.2.0 of its specification: one stream with any number of blocks.</summary>
internal static class XzStream
{
    private const string Format = "xz";
    private static readonly byte[] HeaderMagic = [0xFD, .. "7zXZ"u8, 0];
    private static readonly byte[] FooterMagic = [.. "YZ"u8];

    public static void Unpack(Stream source, BoundedOutput output, UnpackLimits limits)
    {
        PackedInput input = new(Format, source);
        int kind = StreamHeader(input);
        XzIndex index = new();
        while (input.ReadByte() is var size and not 0)
        {
            Block(XzBlockHeader.Read(size, input), kind, input, output, limits, index);
        }

        long bytes = index.Check(input);
        Footer(input, kind, bytes);
    }

    /// <returns>The kind of check.</returns>
    private static int StreamHeader(PackedInput input)
    {
        ReadOnlySpan<byte> header = input.ReadExactly(12); // 2.1.1
        if (!header.StartsWith(HeaderMagic))
        {
            UnpackException.Corrupt(Format, "no xz stream");
        }

        if (!StoredChecksum.Matches(BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), Checksums.Crc32(0, header.Slice(6, 2))))
        {
            UnpackException.Corrupt(Format, "the checksum of its header is wrong");
        }

        if (header[6] != 0 || !XzCheck.IsKnown(header[7]))
        {
            UnpackException.Unsupported(Format, $"stream flags 0x{header[6]:x2}{header[7]:x2} (checks: none, CRC32 and CRC64)");
        }

        return header[7];
    }

    private static void Block(XzBlockHeader header, int kind, PackedInput input, BoundedOutput output, UnpackLimits limits, XzIndex index)
    {
        long room = Math.Min(header.UnpackedSize ?? long.MaxValue, output.Remaining);
        long window = Math.Min(header.DictionaryBytes, room);
        if (window > limits.MaxWindow)
        {
            UnpackException.Unsupported(Format, $"dictionary of {header.DictionaryBytes} bytes, more than {limits.MaxWindow}");
        }

        long start = input.Position;
        XzCheck check = new(kind, output);
        X86Filter? filter = header.HasX86Filter ? new X86Filter(check) : null;
        new Lzma2Decoder(input, new OutputWindow(Format, (IByteSink?)filter ?? check, (int)window, output)).Decode();
        filter?.Finish();
        long packed = input.Position - start;
        if ((header.PackedSize ?? packed) != packed || (header.UnpackedSize ?? check.Total) != check.Total)
        {
            UnpackException.Corrupt(Format, "a block is not as long as its header says");
        }

        while ((input.Position - start) % 4 != 0) // 3.3
        {
            if (input.ReadByte() != 0)
            {
                UnpackException.Corrupt(Format, "a block's padding isn't zero");
            }
        }

        if (!check.Matches(input.ReadExactly(check.Bytes)))
        {
            UnpackException.Corrupt(Format, "a block's checksum is wrong");
        }

        index.Add(header.Bytes + packed + check.Bytes, check.Total);
    }

    private static void Footer(PackedInput input, int kind, long indexBytes)
    {
        ReadOnlySpan<byte> footer = input.ReadExactly(12); // 2.1.2
        if (!StoredChecksum.Matches(BinaryPrimitives.ReadUInt32LittleEndian(footer), Checksums.Crc32(0, footer.Slice(4, 6))) || !footer[10..].SequenceEqual(FooterMagic)
            || footer[8] != 0 || footer[9] != kind || (BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4 != indexBytes)
        {
            UnpackException.Corrupt(Format, "its footer is wrong");
        }
    }
}
