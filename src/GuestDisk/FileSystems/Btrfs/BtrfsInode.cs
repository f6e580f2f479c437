namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>An inode's item (btrfs_inode_item), checked.</summary>
internal sealed record BtrfsInode
{
    public const string StructureName = "Btrfs inode";

    /// <summary>Bytes of the item.</summary>
    public const int Bytes = 160;

    private const uint TypeBits = 0xF000;

    public required ulong Number { get; init; }

    public required long Size { get; init; }

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public required int Mode { get; init; }

    /// <summary>Whether its data has no checksums (BTRFS_INODE_NODATASUM, as of a swap file or chattr +C).</summary>
    public required bool IsWithoutChecksums { get; init; }

    public FileKind Kind => ((uint)Mode & TypeBits) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Symlink,
        _ => FileKind.Special,
    };

    /// <summary>Reads the item.</summary>
    /// <exception cref="ImageFormatException">It is corrupt.</exception>
    public static BtrfsInode Read(BtrfsItem item)
    {
        StructReader inode = item.Reader(StructureName);
        ulong size = inode.U64(16);
        uint mode = inode.U32(52);
        if (size > long.MaxValue)
        {
            inode.Corrupt(16, $"{item.Key.ObjectId}: {size} bytes");
        }

        if ((mode & TypeBits) is not (0x1000 or 0x2000 or 0x4000 or 0x6000 or 0x8000 or 0xA000 or 0xC000) || mode > 0xFFFF)
        {
            inode.Corrupt(52, $"{item.Key.ObjectId}: mode 0{Convert.ToString(mode, 8)}");
        }

        return new BtrfsInode
        {
            Number = item.Key.ObjectId,
            Size = (long)size,
            Uid = inode.U32(44),
            Gid = inode.U32(48),
            Mode = (int)mode,
            IsWithoutChecksums = (inode.U64(64) & 1) != 0,
        };
    }
}
