namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>An inode, basic or extended (squashfs_fs.h: struct squashfs_base_inode and those behind it).</summary>
internal sealed record SquashFsInode
{
    public const string StructureName = "SquashFS inode";

    /// <summary>The fragment of a file that has none (SQUASHFS_INVALID_FRAG).</summary>
    public const uint NoFragment = uint.MaxValue;

    // By the type's number less one; the extended types follow in the same order (SQUASHFS_DIR_TYPE ... SQUASHFS_LSOCKET_TYPE).
    private static ReadOnlySpan<ushort> TypeBits => [0x4000, 0x8000, 0xA000, 0x6000, 0x2000, 0x1000, 0xC000];

    public required ulong Number { get; init; }

    public required FileKind Kind { get; init; }

    public required int Mode { get; init; }

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    /// <summary>Bytes of a file or a link's target; of a directory's listing, and three more (for "." and "..", which aren't in it).</summary>
    public long Size { get; private set; }

    /// <summary>Where a file's blocks begin.</summary>
    public ulong StartBlock { get; private set; }

    /// <summary>The fragment that a file's end is in.</summary>
    public uint Fragment { get; private set; } = NoFragment;

    /// <summary>Where it begins there; where a directory begins in its metadata block.</summary>
    public uint Offset { get; private set; }

    /// <summary>Entries of a directory's index.</summary>
    public int Indexes { get; private set; }

    /// <summary>What stands behind: a file's list of blocks, a directory's index, a link's target.</summary>
    public SquashFsCursor Rest { get; private set; }

    /// <exception cref="ImageFormatException">There is none, or it contradicts itself.</exception>
    public static SquashFsInode Read(SquashFsVolume volume, ulong number)
    {
        SquashFsCursor cursor = volume.InodeAt(number);
        int type = cursor.ReadUInt16();
        if (type is 0 || type > 2 * TypeBits.Length)
        {
            volume.Throw(ImageFault.Corrupt, StructureName, -1, $"0x{number:x} is of type {type}");
        }

        bool isExtended = type > TypeBits.Length;
        int basic = (type - 1) % TypeBits.Length;
        int mode = TypeBits[basic] | (cursor.ReadUInt16() & 0xFFF);
        SquashFsInode inode = new()
        {
            Number = number,
            Kind = basic switch { 0 => FileKind.Directory, 1 => FileKind.File, 2 => FileKind.Symlink, _ => FileKind.Special },
            Mode = mode,
            Uid = volume.Id(cursor.ReadUInt16()),
            Gid = volume.Id(cursor.ReadUInt16()),
        };
        cursor.Skip(sizeof(uint) * 2); // mtime, inode_number
        switch (inode.Kind)
        {
            case FileKind.Directory:
                inode.ReadDirectory(ref cursor, isExtended);
                break;
            case FileKind.File:
                inode.ReadFile(volume, ref cursor, isExtended);
                break;
            case FileKind.Symlink:
                cursor.Skip(sizeof(uint)); // nlink
                inode.Size = cursor.ReadUInt32();
                break;
            default:
                break;
        }

        inode.Rest = cursor;
        return inode;
    }

    private void ReadDirectory(ref SquashFsCursor cursor, bool isExtended)
    {
        if (!isExtended)
        {
            StartBlock = cursor.ReadUInt32();
            cursor.Skip(sizeof(uint)); // nlink
            Size = cursor.ReadUInt16();
            Offset = cursor.ReadUInt16();
            return;
        }

        cursor.Skip(sizeof(uint)); // nlink
        Size = cursor.ReadUInt32();
        StartBlock = cursor.ReadUInt32();
        cursor.Skip(sizeof(uint)); // parent_inode
        Indexes = cursor.ReadUInt16();
        Offset = cursor.ReadUInt16();
        cursor.Skip(sizeof(uint)); // xattr
    }

    private void ReadFile(SquashFsVolume volume, ref SquashFsCursor cursor, bool isExtended)
    {
        ulong size;
        if (isExtended)
        {
            StartBlock = cursor.ReadUInt64();
            size = cursor.ReadUInt64();
            cursor.Skip(sizeof(ulong) + sizeof(uint)); // sparse, nlink
            Fragment = cursor.ReadUInt32();
            Offset = cursor.ReadUInt32();
            cursor.Skip(sizeof(uint)); // xattr
        }
        else
        {
            StartBlock = cursor.ReadUInt32();
            Fragment = cursor.ReadUInt32();
            Offset = cursor.ReadUInt32();
            size = cursor.ReadUInt32();
        }

        if (size / (ulong)volume.Superblock.BlockSize >= SquashFsLimits.MaxBlocks)
        {
            volume.Throw(ImageFault.OverLimit, StructureName, -1, $"0x{Number:x} has {size} bytes, more than {SquashFsLimits.MaxBlocks} blocks");
        }

        Size = (long)size;
    }
}
