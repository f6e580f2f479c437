namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>How a file is packed by zisofs: the same in its ZF entry and in its first bytes (libburnia, "Description of the zisofs Format" and "... zisofs2 Format").</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Bytes">Bytes of the header in the file.</param>
/// <param name="BlockShift">Blocks of 2^this bytes are packed.</param>
/// <param name="Size">Bytes of the file when it is unpacked.</param>
internal sealed record ZisofsHeader(int Version, int Bytes, int BlockShift, long Size)
{
    private const int Version1Bytes = 16;
    private const int Version2Bytes = 24;
    private const byte Zlib = 1; // of version 2's algorithms the one that is written

    private static ReadOnlySpan<byte> Magic1 => [0x37, 0xE4, 0x53, 0x96, 0xC9, 0xDB, 0xD6, 0x07];

    private static ReadOnlySpan<byte> Magic2 => [0xEF, 0x22, 0x55, 0xA1, 0xBC, 0x1B, 0x95, 0xA0];

    /// <summary>Bytes of a block's pointer.</summary>
    public int PointerBytes => Version == 1 ? sizeof(uint) : sizeof(ulong);

    /// <summary>What a ZF entry says; null where it is of another packing than zisofs, whose files are read as they are, as Linux does.</summary>
    /// <exception cref="ImageFormatException">Block sizes that zisofs doesn't have.</exception>
    public static ZisofsHeader? OfEntry(StructReader entry)
    {
        ReadOnlySpan<byte> algorithm = entry.Bytes(4, 2);
        return algorithm.SequenceEqual("pz"u8) ? Checked(entry, new ZisofsHeader(1, entry.U8(6) * 4, entry.U8(7), entry.U32(8)))
            : algorithm.SequenceEqual("PZ"u8) ? Checked(entry, new ZisofsHeader(2, entry.U8(6) * 4, entry.U8(7), Size64(entry, 8)))
            : null;
    }

    /// <summary>What the file itself says; must be the same.</summary>
    /// <exception cref="ImageFormatException">It begins otherwise.</exception>
    public void Check(StructReader file)
    {
        bool isFirst = Version == 1;
        if (!file.Bytes(0, Magic1.Length).SequenceEqual(isFirst ? Magic1 : Magic2))
        {
            file.Corrupt(0, "its first bytes are not zisofs', though its ZF entry says that it is packed");
        }

        if (!isFirst && file.U8(10) != Zlib)
        {
            file.Unsupported(10, $"packed by algorithm {file.U8(10)} of zisofs 2; zlib (1) is what can be read here");
        }

        ZisofsHeader own = isFirst
            ? new ZisofsHeader(1, file.U8(12) * 4, file.U8(13), file.U32(8))
            : new ZisofsHeader(2, file.U8(9) * 4, file.U8(11), Size64(file, 12));
        if (own != this)
        {
            file.Corrupt(8, $"its header says {own.Size} bytes in blocks of 2^{own.BlockShift}, its ZF entry {Size} in blocks of 2^{BlockShift}");
        }
    }

    private static ZisofsHeader Checked(StructReader entry, ZisofsHeader header)
    {
        if (header.BlockShift is < IsoLimits.MinZisofsShift or > IsoLimits.MaxZisofsShift)
        {
            entry.OverLimit(7, $"blocks of 2^{header.BlockShift} bytes");
        }

        if (header.Bytes < (header.Version == 1 ? Version1Bytes : Version2Bytes))
        {
            entry.Corrupt(6, $"a header of {header.Bytes} bytes");
        }

        return header;
    }

    private static long Size64(StructReader reader, int offset) =>
        reader.U64(offset) is <= long.MaxValue / 2 and ulong size ? (long)size : throw OverLong(reader, offset);

    private static InvalidOperationException OverLong(StructReader reader, int offset)
    {
        reader.OverLimit(offset, $"{reader.U64(offset)} bytes unpacked");
        return new InvalidOperationException(); // not reached
    }
}
