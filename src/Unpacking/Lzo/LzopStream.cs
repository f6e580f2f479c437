using System.Buffers.Binary;

namespace BlockRbd.Unpacking.Lzo;

/// <summary>lzop's file format (its conf.h and lzop.c; lib/decompress_unlzo.c of Linux reads the same): one file of it.</summary>
internal static class LzopStream
{
    private const string Format = "lzop";
    private const uint UnpackedAdler = 0x1; // F_ADLER32_D and so on
    private const uint PackedAdler = 0x2;
    private const uint ExtraField = 0x40;
    private const uint UnpackedCrc = 0x100;
    private const uint PackedCrc = 0x200;
    private const uint Filtered = 0x800;
    private const uint HeaderCrc = 0x1000;
    private const uint MultiPart = 0x400;
    private static readonly byte[] Magic = [0x89, .. "LZO\0\r\n"u8, 0x1A, (byte)'\n'];

    public static void Unpack(Stream source, BoundedOutput output, UnpackLimits limits)
    {
        PackedInput input = new(Format, source);
        uint flags = Header(input);
        byte[] packed = new byte[UnpackLimits.LzopBlock], unpacked = new byte[UnpackLimits.LzopBlock];
        while (input.ReadUInt32BigEndian() is var length and not 0)
        {
            uint packedLength = input.ReadUInt32BigEndian();
            if (length > UnpackLimits.LzopBlock || packedLength > length)
            {
                UnpackException.Corrupt(Format, $"a block of {length} bytes in {packedLength}");
            }

            Block(input, flags, packed.AsSpan(0, (int)packedLength), unpacked.AsSpan(0, (int)length));
            output.Write(unpacked.AsSpan(0, (int)length));
        }
    }

    /// <returns>The flags.</returns>
    private static uint Header(PackedInput input)
    {
        if (!input.ReadExactly(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            UnpackException.Corrupt(Format, "no lzop file");
        }

        HeaderFields fields = new(input);
        bool isNew = fields.UInt16() >= 0x0940; // version
        fields.UInt16();                        // lib_version
        if (isNew && fields.UInt16() > 0x1040)  // version_needed_to_extract
        {
            UnpackException.Unsupported(Format, "it wants a newer version of lzop");
        }

        byte method = fields.Byte();
        if (method is < 1 or > 3)
        {
            UnpackException.Unsupported(Format, $"method {method}"); // M_LZO1X_1, M_LZO1X_1_15, M_LZO1X_999
        }

        if (isNew)
        {
            fields.Byte(); // level
        }

        uint flags = fields.UInt32();
        if ((flags & (Filtered | MultiPart)) != 0)
        {
            UnpackException.Unsupported(Format, $"flags 0x{flags:x}");
        }

        fields.Skip(sizeof(uint) * (isNew ? 3 : 2)); // mode, mtime_low, mtime_high
        fields.Skip(fields.Byte());                  // name
        fields.Check((flags & HeaderCrc) != 0);
        if ((flags & ExtraField) != 0)
        {
            HeaderFields extra = new(input);
            extra.Skip((int)Math.Min(extra.UInt32(), UnpackLimits.HeaderText + 1));
            extra.Check((flags & HeaderCrc) != 0);
        }

        return flags;
    }

    private static void Block(PackedInput input, uint flags, Span<byte> packed, Span<byte> unpacked)
    {
        bool isStored = packed.Length == unpacked.Length;
        uint? unpackedAdler = (flags & UnpackedAdler) != 0 ? input.ReadUInt32BigEndian() : null;
        uint? unpackedCrc = (flags & UnpackedCrc) != 0 ? input.ReadUInt32BigEndian() : null;
        uint? packedAdler = (flags & PackedAdler) != 0 && !isStored ? input.ReadUInt32BigEndian() : null;
        uint? packedCrc = (flags & PackedCrc) != 0 && !isStored ? input.ReadUInt32BigEndian() : null;
        input.ReadExactly(packed);
        Compare(packedAdler, packedCrc, packed);
        if (isStored)
        {
            packed.CopyTo(unpacked);
        }
        else if (Lzo1xBlock.Unpack(packed, unpacked) != unpacked.Length)
        {
            UnpackException.Corrupt(Format, "a block is not as long as it says");
        }

        Compare(unpackedAdler, unpackedCrc, unpacked);
    }

    private static void Compare(uint? adler, uint? crc, ReadOnlySpan<byte> bytes)
    {
        if ((adler is { } a && !StoredChecksum.Matches(a, Checksums.Adler32(1, bytes))) || (crc is { } c && !StoredChecksum.Matches(c, Checksums.Crc32(0, bytes))))
        {
            UnpackException.Corrupt(Format, "a block's checksum is wrong");
        }
    }

    /// <summary>Fields of a header, kept for the checksum behind them.</summary>
    private sealed class HeaderFields(PackedInput input)
    {
        private readonly List<byte> _bytes = [];

        public byte Byte() => Take(1)[0];

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

        public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

        public void Skip(int count)
        {
            if (count > UnpackLimits.HeaderText)
            {
                UnpackException.Unsupported(Format, $"a header field of more than {UnpackLimits.HeaderText} bytes");
            }

            Take(count);
        }

        public void Check(bool isCrc)
        {
            byte[] bytes = [.. _bytes];
            if (!StoredChecksum.Matches(input.ReadUInt32BigEndian(), isCrc ? Checksums.Crc32(0, bytes) : Checksums.Adler32(1, bytes)))
            {
                UnpackException.Corrupt(Format, "the checksum of its header is wrong");
            }
        }

        private byte[] Take(int count)
        {
            byte[] bytes = input.ReadExactly(count);
            _bytes.AddRange(bytes);
            return bytes;
        }
    }
}
