using System.Buffers.Binary;

namespace BlockRbd.Unpacking.Xz;

/// <summary>A block's header (xz file format 3.1).</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="PackedSize">Bytes of the packed data, or null where the header doesn't say.</param>
/// <param name="UnpackedSize">Bytes that come out, or null where the header doesn't say.</param>
/// <param name="HasX86Filter">Whether calls and jumps of x86 code have been made absolute.</param>
/// <param name="DictionaryBytes">LZMA2's dictionary.</param>
internal sealed record XzBlockHeader(int Bytes, long? PackedSize, long? UnpackedSize, bool HasX86Filter, long DictionaryBytes)
{
    private const string Format = "xz block header";
    private const ulong Lzma2 = 0x21; // 5.3.1
    private const ulong X86 = 0x04;   // 5.3.2
    private const int MaxDictionaryBits = 40;

    /// <param name="sizeByte">The header's first byte, which isn't 0: that would be the index.</param>
    /// <param name="input">Stands behind it.</param>
    public static XzBlockHeader Read(byte sizeByte, PackedInput input)
    {
        byte[] header = new byte[(sizeByte + 1) * 4];
        header[0] = sizeByte;
        input.ReadExactly(header.AsSpan(1));
        ReadOnlySpan<byte> fields = header.AsSpan(0, header.Length - 4);
        if (!StoredChecksum.Matches(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(fields.Length)), Checksums.Crc32(0, fields)))
        {
            UnpackException.Corrupt(Format, "its checksum is wrong");
        }

        byte flags = fields[1];
        if ((flags & 0x3C) != 0)
        {
            UnpackException.Unsupported(Format, $"flags 0x{flags:x2}");
        }

        fields = fields[2..];
        long? packed = (flags & 0x40) != 0 ? Size(ref fields) : null;
        long? unpacked = (flags & 0x80) != 0 ? Size(ref fields) : null;
        int filters = (flags & 3) + 1;
        bool hasX86 = false;
        if (filters == 2)
        {
            Filter(ref fields, X86, propertyBytes: 0);
            hasX86 = true;
        }
        else if (filters > 2)
        {
            UnpackException.Unsupported(Format, $"{filters} filters");
        }

        int bits = Filter(ref fields, Lzma2, propertyBytes: 1)[0];
        if (bits > MaxDictionaryBits)
        {
            UnpackException.Corrupt(Format, $"dictionary size {bits}");
        }

        if (fields.ContainsAnyExcept((byte)0))
        {
            UnpackException.Unsupported(Format, "padding that isn't zero");
        }

        // 5.3.1: 2 or 3, shifted; 40 means 4 GiB less one.
        long dictionary = bits == MaxDictionaryBits ? uint.MaxValue : (2L | (bits & 1L)) << ((bits / 2) + 11);
        return new XzBlockHeader(header.Length, packed, unpacked, hasX86, dictionary);
    }

    private static ReadOnlySpan<byte> Filter(ref ReadOnlySpan<byte> fields, ulong id, int propertyBytes)
    {
        ulong found = Number(ref fields);
        ulong length = Number(ref fields);
        if (found != id || length != (ulong)propertyBytes)
        {
            UnpackException.Unsupported(Format, $"filter 0x{found:x} with {length} bytes of properties (only LZMA2, with or without x86)");
        }

        if (fields.Length < propertyBytes)
        {
            UnpackException.Corrupt(Format, "a filter's properties lie outside");
        }

        ReadOnlySpan<byte> properties = fields[..propertyBytes];
        fields = fields[propertyBytes..];
        return properties;
    }

    private static long Size(ref ReadOnlySpan<byte> fields) => (long)Number(ref fields);

    // 1.2: seven bits a byte, the least first, 63 in all.
    private static ulong Number(ref ReadOnlySpan<byte> fields)
    {
        ulong value = 0;
        for (int i = 0; i < 9; i++)
        {
            if (i == fields.Length)
            {
                break;
            }

            value |= (ulong)(fields[i] & 0x7F) << (i * 7);
            if ((fields[i] & 0x80) == 0)
            {
                fields = fields[(i + 1)..];
                return value;
            }
        }

        UnpackException.Corrupt(Format, "a number has no end");
        return 0;
    }
}
