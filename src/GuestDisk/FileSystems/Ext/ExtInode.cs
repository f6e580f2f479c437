using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>One inode's record, checked: what readers need of it.</summary>
internal sealed class ExtInode
{
    /// <summary>Bytes of i_block: block pointers, an extent tree's root, a short symlink or a file's beginning.</summary>
    public const int BodySize = 60;

    private const int GoodOldSize = 128;
    private const int ChecksumLow = 0x7C; // osd2.linux2.l_i_checksum_lo
    private const int ChecksumHigh = 0x82; // i_checksum_hi
    private const int ExtraSizeOffset = 0x80; // i_extra_isize

    /// <param name="superblock">The filesystem's superblock.</param>
    /// <param name="number">The inode's number.</param>
    /// <param name="inode">The record, s_inode_size bytes.</param>
    /// <param name="isCommitted">Whether a fast commit made it: then its checksum and its count of links are still to be written.</param>
    public ExtInode(ExtSuperblock superblock, uint number, StructReader inode, bool isCommitted)
    {
        Number = number;
        Structure = $"ext4 inode {number}";
        int extra = ReadExtraSize(inode);
        Mode = inode.U16(0x0);
        Links = isCommitted ? Math.Max((ushort)1, inode.U16(0x1A)) : inode.U16(0x1A);
        Flags = (ExtInodeFlags)inode.U32(0x20);
        Generation = inode.U32(0x64);
        ChecksumSeed = ExtChecksum.Crc32COfU32(ExtChecksum.Crc32COfU32(superblock.ChecksumSeed, number), Generation);
        if (!isCommitted)
        {
            CheckChecksum(superblock, inode, extra);
        }

        Uid = inode.U16(0x2) | ((uint)inode.U16(0x78) << 16);
        Gid = inode.U16(0x18) | ((uint)inode.U16(0x7A) << 16);
        Size = ReadSize(superblock, inode);
        Body = inode.Bytes(0x28, BodySize).ToArray();
        HasBlocks = CountsBlocks(superblock, inode);
        if (Has(ExtInodeFlags.InlineData))
        {
            InlineTail = InlineXattr.FindSystemData(inode, GoodOldSize + extra).ToArray();
        }
    }

    public uint Number { get; }

    /// <summary>The inode's name in messages: "ext4 inode 12".</summary>
    public string Structure { get; }

    public ushort Mode { get; }

    public ushort Links { get; }

    public ExtInodeFlags Flags { get; }

    public uint Generation { get; }

    /// <summary>What the checksums of this inode's tree and directory blocks start from.</summary>
    public uint ChecksumSeed { get; }

    public uint Uid { get; }

    public uint Gid { get; }

    public long Size { get; }

    /// <summary>i_block.</summary>
    public byte[] Body { get; }

    /// <summary>With inline_data: what of the content stands behind i_block, in the attribute system.data.</summary>
    public byte[] InlineTail { get; } = [];

    /// <summary>Whether blocks beside those of its attributes belong to the inode.</summary>
    public bool HasBlocks { get; }

    public FileKind Kind => (Mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Symlink,
        _ => FileKind.Special,
    };

    public bool Has(ExtInodeFlags flag) => (Flags & flag) != 0;

    private static int ReadExtraSize(StructReader inode)
    {
        if (inode.Length <= GoodOldSize)
        {
            return 0;
        }

        int extra = inode.U16(ExtraSizeOffset);
        if (extra > inode.Length - GoodOldSize || extra % sizeof(uint) != 0)
        {
            inode.Corrupt(ExtraSizeOffset, $"{extra} extra bytes in a record of {inode.Length}");
        }

        return extra;
    }

    private long ReadSize(ExtSuperblock superblock, StructReader inode)
    {
        // i_size_high is a directory's only with large_dir, and a symlink's never: Linux' ext4_isize().
        bool hasHigh = Kind == FileKind.File || superblock.Has(ExtIncompat.LargeDir);
        ulong size = inode.U32(0x4) | (hasHigh ? (ulong)inode.U32(0x6C) << 32 : 0);
        if (size > long.MaxValue)
        {
            inode.Corrupt(0x6C, $"size of {size} bytes");
        }

        return (long)size;
    }

    private bool CountsBlocks(ExtSuperblock superblock, StructReader inode)
    {
        // A short symlink may have a block of attributes. With ea_inode, i_blocks also counts values in other inodes: then
        // only the size tells (Linux' ext4_inode_is_fast_symlink()).
        if (superblock.Has(ExtIncompat.EaInode))
        {
            return Size >= BodySize;
        }

        ulong blocks = inode.U32(0x1C) | ((ulong)inode.U16(0x74) << 32); // i_blocks_lo, _high in sectors of 512 bytes
        bool hasAttributes = inode.U32(0x68) != 0 || inode.U16(0x76) != 0; // i_file_acl_lo, _high
        ulong unit = Has(ExtInodeFlags.HugeFile) ? (ulong)superblock.BlockSize / 512 : 1;
        ulong attributes = hasAttributes ? (ulong)superblock.ClusterSize / 512 : 0;
        return blocks * unit != attributes;
    }

    private void CheckChecksum(ExtSuperblock superblock, StructReader inode, int extra)
    {
        if (!superblock.HasMetadataChecksums || !superblock.IsLinux)
        {
            return;
        }

        ReadOnlySpan<byte> bytes = inode.Bytes(0, inode.Length);
        bool hasHigh = extra >= ChecksumHigh + sizeof(ushort) - GoodOldSize;
        uint crc = ExtChecksum.Crc32CWithHole(ChecksumSeed, bytes[..GoodOldSize], ChecksumLow, sizeof(ushort));
        ReadOnlySpan<byte> rest = bytes[GoodOldSize..];
        crc = hasHigh
            ? ExtChecksum.Crc32CWithHole(crc, rest, ChecksumHigh - GoodOldSize, sizeof(ushort))
            : Crc32C.Append(crc, rest);
        uint stored = inode.U16(ChecksumLow) | (hasHigh ? (uint)inode.U16(ChecksumHigh) << 16 : 0);
        uint computed = hasHigh ? crc : crc & 0xFFFF;
        if (!StoredChecksum.Matches(stored, computed))
        {
            inode.Corrupt(ChecksumLow, $"checksum is 0x{stored:x8}, computed 0x{computed:x8}");
        }
    }
}
