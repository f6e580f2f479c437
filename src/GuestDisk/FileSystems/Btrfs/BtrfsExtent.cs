namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>How an extent's bytes are packed (BTRFS_COMPRESS_*).</summary>
internal enum BtrfsCompression : byte
{
    None = 0,
    Zlib = 1,
    Lzo = 2,
    Zstd = 3,
}

/// <summary>What an extent is (BTRFS_FILE_EXTENT_*).</summary>
internal enum BtrfsExtentKind : byte
{
    Inline = 0,
    Regular = 1,
    Preallocated = 2,
}

/// <summary>A piece of a file (btrfs_file_extent_item), checked.</summary>
internal sealed record BtrfsExtent
{
    public const string StructureName = "Btrfs file extent";

    /// <summary>Where the data of an inline one begins in its item.</summary>
    public const int InlineStart = 21;

    /// <summary>Bytes of the item of one that isn't inline.</summary>
    public const int ItemBytes = 53;

    private const ulong MaxAddress = 1UL << 62;

    public required BtrfsItem Item { get; init; }

    public required BtrfsExtentKind Kind { get; init; }

    public required BtrfsCompression Compression { get; init; }

    /// <summary>First byte in the file.</summary>
    public required long Start { get; init; }

    /// <summary>Bytes of the file that it is; of an inline one, all it holds.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes of the whole extent, unpacked.</summary>
    public required long UnpackedBytes { get; init; }

    /// <summary>Logical address of the whole extent; 0 is a hole.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes of the whole extent on the disk.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Where <see cref="Start"/> is in the unpacked extent.</summary>
    public long Offset { get; init; }

    /// <summary>First byte of the file behind it.</summary>
    public long End => Start + Length;

    public bool IsZeros => Kind == BtrfsExtentKind.Preallocated || (Kind == BtrfsExtentKind.Regular && Address == 0);

    /// <summary>Reads the item; which kinds hold together is check_extent_data_item of fs/btrfs/tree-checker.c.</summary>
    /// <exception cref="ImageFormatException">It is corrupt.</exception>
    public static BtrfsExtent Read(BtrfsItem item)
    {
        StructReader extent = item.Reader(StructureName);
        string inode = $"inode {item.Key.ObjectId}";
        ulong unpacked = extent.U64(8); // ram_bytes
        byte compression = extent.U8(16);
        byte kind = extent.U8(20);
        if (extent.U8(17) != 0 || extent.U16(18) != 0)
        {
            extent.Unsupported(17, $"{inode}: encryption {extent.U8(17)}, encoding {extent.U16(18)}");
        }

        if (compression > (byte)BtrfsCompression.Zstd)
        {
            extent.Unsupported(16, $"{inode}: compression {compression}");
        }

        if (kind > (byte)BtrfsExtentKind.Preallocated || item.Key.Offset > MaxAddress || unpacked > MaxAddress)
        {
            extent.Corrupt(20, $"{inode}: type {kind} of {unpacked} bytes at {item.Key.Offset}");
        }

        if (compression != 0 && unpacked > BtrfsLimits.MaxCompressedExtentBytes)
        {
            extent.Corrupt(8, $"{inode}: a compressed extent of {unpacked} bytes");
        }

        if (kind == (byte)BtrfsExtentKind.Inline)
        {
            if (item.Key.Offset != 0 || (compression == 0 && unpacked != (ulong)(extent.Length - InlineStart)))
            {
                extent.Corrupt(8, $"{inode}: an inline extent of {unpacked} bytes at {item.Key.Offset} in {extent.Length - InlineStart}");
            }

            return new BtrfsExtent
            {
                Item = item, Kind = BtrfsExtentKind.Inline, Compression = (BtrfsCompression)compression, Start = 0, Length = (long)unpacked, UnpackedBytes = (long)unpacked,
            };
        }

        (ulong address, ulong diskBytes, ulong offset, ulong length) = (extent.U64(21), extent.U64(29), extent.U64(37), extent.U64(45));
        bool fits = length is > 0 and <= MaxAddress && offset <= MaxAddress && address <= MaxAddress && diskBytes <= MaxAddress;
        if (!fits || (address != 0 && offset + length > unpacked) || (address != 0 && compression == 0 && offset + length > diskBytes))
        {
            extent.Corrupt(37, $"{inode}: {length} bytes from {offset} of {unpacked} in {diskBytes} at {address}");
        }

        if (compression != 0 && (diskBytes > BtrfsLimits.MaxCompressedExtentBytes || kind == (byte)BtrfsExtentKind.Preallocated))
        {
            extent.Corrupt(29, $"{inode}: a compressed extent of type {kind} in {diskBytes} bytes");
        }

        return new BtrfsExtent
        {
            Item = item, Kind = (BtrfsExtentKind)kind, Compression = (BtrfsCompression)compression, Start = (long)item.Key.Offset, Length = (long)length,
            UnpackedBytes = (long)unpacked, Address = address, DiskBytes = (long)diskBytes, Offset = (long)offset,
        };
    }
}
