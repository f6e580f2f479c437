namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>How an inode keeps its data fork (xfs_dinode_fmt).</summary>
internal enum XfsForkFormat : byte
{
    Device = 0,
    Local = 1,
    Extents = 2,
    BTree = 3,
}

/// <summary>An inode's fixed part (xfs_dinode of Linux' xfs_format.h), checked, and its data fork's bytes.</summary>
internal sealed class XfsInodeCore
{
    public const string StructureName = "XFS inode";

    public const ushort Magic = 0x494E; // "IN"

    private const int CrcOffset = 100;   // di_crc
    private const int OldForkStart = 100; // versions 1 and 2: the fork begins at di_crc
    private const int ForkStartV3 = 176;
    private const ushort RealtimeFlag = 1 << 0; // XFS_DIFLAG_REALTIME
    private const ulong LargeExtentCountsFlag = 1 << 4; // XFS_DIFLAG2_NREXT64
    private const int TypeBits = 0xF000;

    private XfsInodeCore()
    {
    }

    public required ulong Number { get; init; }

    /// <summary>Where it stands in the source.</summary>
    public required long Offset { get; init; }

    public required int Mode { get; init; }

    public required FileKind Kind { get; init; }

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    public required long Size { get; init; }

    public required XfsForkFormat Format { get; init; }

    /// <summary>Extents of the data fork, as counted by the inode.</summary>
    public required ulong ExtentCount { get; init; }

    public required bool IsRealtime { get; init; }

    /// <summary>Where in the inode <see cref="Fork"/> begins.</summary>
    public required int ForkStart { get; init; }

    /// <summary>The data fork: inline data, extent records or the root of a tree.</summary>
    public required byte[] Fork { get; init; }

    /// <summary>Reads inode <paramref name="number"/>.</summary>
    /// <exception cref="ImageFormatException">No such inode, or corruption.</exception>
    public static XfsInodeCore Read(XfsVolume volume, ulong number)
    {
        XfsSuperblock sb = volume.Superblock;
        if (!sb.TryInodeOffset(number, out long offset))
        {
            throw new ImageFormatException(ImageFault.Corrupt, StructureName, volume.SourceName, -1, $"number {number} is outside the filesystem");
        }

        byte[] bytes = volume.ReadMetadata(offset, sb.InodeSize);
        StructReader inode = new(StructureName, volume.SourceName, offset, bytes);
        CheckIdentity(inode, bytes, number, volume.IsReplayed(offset, sb.InodeSize), sb);
        FileKind kind = KindOf(inode, number);
        int forkStart = sb.IsV5 ? ForkStartV3 : OldForkStart;
        int forkLength = ForkLength(inode, number, forkStart);
        XfsForkFormat format = (XfsForkFormat)inode.U8(5); // di_format
        CheckFormat(inode, number, kind, format);
        return new XfsInodeCore
        {
            Number = number,
            Offset = offset,
            Mode = inode.U16BigEndian(2),
            Kind = kind,
            Uid = inode.U32BigEndian(8),
            Gid = inode.U32BigEndian(12),
            Size = SizeOf(inode, number, kind),
            Format = format,
            ExtentCount = ExtentCountOf(inode, number, sb),
            IsRealtime = kind == FileKind.File && (inode.U16BigEndian(90) & RealtimeFlag) != 0, // di_flags
            ForkStart = forkStart,
            Fork = inode.Bytes(forkStart, forkLength).ToArray(),
        };
    }

    /// <summary>A reader over the data fork, for complaints about it.</summary>
    public StructReader ForkReader(string structure, string source) => new(structure, source, Offset + ForkStart, Fork);

    private static void CheckIdentity(StructReader inode, byte[] bytes, ulong number, bool isReplayed, XfsSuperblock sb)
    {
        if (inode.U16BigEndian(0) != Magic)
        {
            inode.Corrupt(0, $"inode {number}: magic is 0x{inode.U16BigEndian(0):x4}, not 0x{Magic:x4}");
        }

        int version = inode.U8(4); // di_version
        if (sb.IsV5 ? version != 3 : version is not (1 or 2))
        {
            inode.Corrupt(4, $"inode {number}: version {version}");
        }

        if (!sb.IsV5)
        {
            return;
        }

        if (!isReplayed && !XfsChecksum.Matches(bytes, CrcOffset))
        {
            inode.Corrupt(CrcOffset, $"inode {number}: checksum does not match");
        }

        if (inode.U64BigEndian(152) != number)
        {
            inode.Corrupt(152, $"inode {number}: says that it is inode {inode.U64BigEndian(152)}"); // di_ino
        }

        if (!inode.Bytes(160, sb.MetaUuid.Length).SequenceEqual(sb.MetaUuid))
        {
            inode.Corrupt(160, $"inode {number}: has another filesystem's UUID"); // di_uuid
        }
    }

    private static FileKind KindOf(StructReader inode, ulong number)
    {
        int mode = inode.U16BigEndian(2); // di_mode
        switch (mode & TypeBits)
        {
            case 0x8000:
                return FileKind.File;
            case 0x4000:
                return FileKind.Directory;
            case 0xA000:
                return FileKind.Symlink;
            case 0x1000 or 0x2000 or 0x6000 or 0xC000:
                return FileKind.Special;
            default:
                inode.Corrupt(2, mode == 0 ? $"inode {number}: is free" : $"inode {number}: mode 0{Convert.ToString(mode, 8)}");
                return default;
        }
    }

    private static long SizeOf(StructReader inode, ulong number, FileKind kind)
    {
        ulong size = inode.U64BigEndian(56); // di_size
        if (size > long.MaxValue)
        {
            inode.Corrupt(56, $"inode {number}: negative size");
        }

        if (kind == FileKind.Symlink && size is 0 or > XfsLimits.MaxSymlinkBytes)
        {
            inode.Corrupt(56, $"inode {number}: symbolic link of {size} bytes");
        }

        return (long)size;
    }

    private static int ForkLength(StructReader inode, ulong number, int forkStart)
    {
        int literal = inode.Length - forkStart;
        int attributes = inode.U8(82) << 3; // di_forkoff
        if (attributes >= literal)
        {
            inode.Corrupt(82, $"inode {number}: attributes begin at {attributes} of {literal} bytes");
        }

        return attributes == 0 ? literal : attributes;
    }

    private static void CheckFormat(StructReader inode, ulong number, FileKind kind, XfsForkFormat format)
    {
        bool fits = kind switch
        {
            FileKind.Special => format == XfsForkFormat.Device,
            FileKind.File => format is XfsForkFormat.Extents or XfsForkFormat.BTree,
            _ => format is XfsForkFormat.Local or XfsForkFormat.Extents or XfsForkFormat.BTree,
        };
        if (!fits)
        {
            inode.Corrupt(5, $"inode {number}: data fork of format {(byte)format} in a {kind.ToString().ToLowerInvariant()}");
        }
    }

    private static ulong ExtentCountOf(StructReader inode, ulong number, XfsSuperblock sb)
    {
        if (!sb.IsV5 || (inode.U64BigEndian(120) & LargeExtentCountsFlag) == 0) // di_flags2
        {
            return inode.U32BigEndian(76); // di_nextents
        }

        if (!sb.Incompat.HasFlag(XfsIncompat.LargeExtentCounts))
        {
            inode.Corrupt(120, $"inode {number}: large extent counts in a filesystem without them");
        }

        return inode.U64BigEndian(24); // di_big_nextents
    }
}
