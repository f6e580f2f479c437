using System.Buffers.Binary;

namespace BlockRbd.Unpacking.Lzma;

/// <summary>.lzma files: 13 bytes of header (LZMA specification, "The .lzma file format"), then LZMA.</summary>
internal static class LzmaAlone
{
    private const string Format = "lzma";
    private const ulong UnknownLength = ulong.MaxValue;

    public static void Unpack(Stream source, BoundedOutput output, UnpackLimits limits)
    {
        PackedInput input = new(Format, source);
        byte[] header = input.ReadExactly(13);
        uint dictionary = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(1));
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(5));
        if (length != UnknownLength && length > (ulong)output.Remaining)
        {
            UnpackException.OverLimit(Format, output.Limit);
        }

        // A dictionary that is larger than all that comes out needs no more than that.
        long needed = Math.Min(dictionary, length == UnknownLength ? output.Remaining : (long)length);
        if (needed > limits.MaxWindow)
        {
            UnpackException.Unsupported(Format, $"dictionary of {dictionary} bytes, more than {limits.MaxWindow}");
        }

        OutputWindow window = new(Format, output, (int)Math.Max(needed, 1 << 12), output); // 4 KiB at least, by the specification
        LzmaDecoder decoder = new(input, window);
        decoder.SetProperties(header[0], maxLiteralBits: 12);
        decoder.ResetState();
        decoder.StartRange();
        if (length == UnknownLength)
        {
            decoder.Decode(long.MaxValue);
        }
        else if (decoder.Decode((long)length) && window.Total != (long)length)
        {
            UnpackException.Corrupt(Format, $"ends after {window.Total} bytes, its header says {length}");
        }
        else if (!decoder.IsFinished)
        {
            decoder.EndMarkerOnly();
        }

        window.Flush();
    }
}
