using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>The superblock, checked: what readers need of it, under the names of ext4's documentation.</summary>
internal sealed class ExtSuperblock
{
    private const int ImageOffset = 1024;
    private const int StructureSize = 1024;
    private const ushort Magic = 0xEF53;
    private const uint LinuxOs = 0; // s_creator_os
    private const byte ChecksumTypeCrc32C = 1; // s_checksum_type
    private const int GoodOldInodeSize = 128;
    private const int MinDescriptorSize64 = 64;
    private const uint UnsignedHashFlag = 0x2; // s_flags: EXT2_FLAGS_UNSIGNED_HASH

    private ExtSuperblock(StructReader sb)
    {
        bool dynamic = sb.U32(0x4C) >= 1; // s_rev_level: revision 0 has neither features nor a variable inode size
        Compat = dynamic ? (ExtCompat)sb.U32(0x5C) : 0;
        Incompat = dynamic ? (ExtIncompat)sb.U32(0x60) : 0;
        RoCompat = dynamic ? (ExtRoCompat)sb.U32(0x64) : 0;
        InodeSize = dynamic ? sb.U16(0x58) : GoodOldInodeSize;
        Uuid = sb.Bytes(0x68, 16).ToArray();
        Label = TrimAtZero(sb.Bytes(0x78, 16));
        IsLinux = sb.U32(0x48) == LinuxOs;
        JournalInode = sb.U32(0xE0);
        HashSeed = [sb.U32(0xEC), sb.U32(0xF0), sb.U32(0xF4), sb.U32(0xF8)];
        HashesUnsigned = (sb.U32(0x160) & UnsignedHashFlag) != 0;
        BackupGroups = [sb.U32(0x24C), sb.U32(0x250)];
        FirstMetaBg = sb.U32(0x104);
        InodesCount = sb.U32(0x0);
        FirstDataBlock = sb.U32(0x14);
        BlocksPerGroup = sb.U32(0x20);
        InodesPerGroup = sb.U32(0x28);
        ChecksumSeed = Has(ExtIncompat.CsumSeed) ? sb.U32(0x270) : Crc32C.Append(uint.MaxValue, Uuid);
        CheckChecksum(sb);
        CheckFeatures(sb);
        BlockSize = ReadBlockSize(sb);
        ClusterSize = ReadClusterSize(sb);
        BlocksCount = ReadBlocksCount(sb);
        DescriptorSize = ReadDescriptorSize(sb);
        CheckGeometry(sb);
        GroupCount = (BlocksCount - FirstDataBlock + BlocksPerGroup - 1) / BlocksPerGroup;
        CheckInodeCount(sb);
    }

    public ExtCompat Compat { get; }

    public ExtIncompat Incompat { get; }

    public ExtRoCompat RoCompat { get; }

    /// <summary>Bytes of a block: a power of two, 1 KiB to 64 KiB.</summary>
    public int BlockSize { get; }

    /// <summary>Bytes of an allocation unit; a block's without bigalloc.</summary>
    public long ClusterSize { get; }

    /// <summary>Blocks of the filesystem; their bytes fit a long.</summary>
    public long BlocksCount { get; }

    public uint FirstDataBlock { get; }

    public uint BlocksPerGroup { get; }

    public uint InodesPerGroup { get; }

    public uint InodesCount { get; }

    /// <summary>Block groups, at least one.</summary>
    public long GroupCount { get; }

    /// <summary>Bytes of an inode's record: a power of two, 128 to the block size.</summary>
    public int InodeSize { get; }

    /// <summary>Bytes of a group descriptor: 32, or a power of two from 64 with the feature 64bit.</summary>
    public int DescriptorSize { get; }

    public uint FirstMetaBg { get; }

    public byte[] Uuid { get; }

    public byte[] Label { get; }

    /// <summary>s_creator_os: the checksums of inodes are Linux' own.</summary>
    public bool IsLinux { get; }

    /// <summary>s_journal_inum; 0 where the journal is another device.</summary>
    public uint JournalInode { get; }

    public uint[] HashSeed { get; }

    /// <summary>Directory hashes take a name's bytes as unsigned.</summary>
    public bool HashesUnsigned { get; }

    /// <summary>What metadata checksums start from.</summary>
    public uint ChecksumSeed { get; }

    public bool HasMetadataChecksums => Has(ExtRoCompat.MetadataCsum);

    private uint[] BackupGroups { get; }

    public bool Has(ExtCompat feature) => (Compat & feature) != 0;

    public bool Has(ExtIncompat feature) => (Incompat & feature) != 0;

    public bool Has(ExtRoCompat feature) => (RoCompat & feature) != 0;

    /// <summary>Reads and checks the superblock of the filesystem in <paramref name="source"/>.</summary>
    public static ExtSuperblock Read(BlockSource source)
    {
        if (source.Length < ImageOffset + StructureSize)
        {
            throw new ImageFormatException(
                ImageFault.NotRecognized, "ext4 superblock", source.Name, ImageOffset, $"the device ends at byte {source.Length}");
        }

        byte[] bytes = source.ReadExactly(ImageOffset, StructureSize);
        StructReader sb = new("ext4 superblock", source.Name, ImageOffset, bytes);
        if (sb.U16(0x38) != Magic)
        {
            sb.NotRecognized(0x38, $"magic is 0x{sb.U16(0x38):x4}, not 0x{Magic:x4}");
        }

        return new ExtSuperblock(sb);
    }

    /// <summary>Whether a copy of the superblock stands at the start of <paramref name="group"/>.</summary>
    public bool HasSuperblockCopy(long group)
    {
        // super.rst: sparse_super keeps copies in groups 0, 1 and powers of 3, 5, 7; sparse_super2 in the two of s_backup_bgs.
        if (group == 0)
        {
            return true;
        }

        if (Has(ExtCompat.SparseSuper2))
        {
            return group == BackupGroups[0] || group == BackupGroups[1];
        }

        return group == 1 || !Has(ExtRoCompat.SparseSuper) || IsPowerOf(group, 3) || IsPowerOf(group, 5) || IsPowerOf(group, 7);
    }

    private static bool IsPowerOf(long number, long root)
    {
        while (number % root == 0)
        {
            number /= root;
        }

        return number == 1;
    }

    private static byte[] TrimAtZero(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return (end < 0 ? bytes : bytes[..end]).ToArray();
    }

    private static int ReadBlockSize(StructReader sb)
    {
        uint logBlockSize = sb.U32(0x18); // s_log_block_size
        if (logBlockSize > ExtLimits.MaxLogBlockSize)
        {
            sb.Corrupt(0x18, $"block size 2^(10+{logBlockSize})");
        }

        return 1024 << (int)logBlockSize;
    }

    private void CheckFeatures(StructReader sb)
    {
        if (Has(ExtIncompat.JournalDev))
        {
            sb.Unsupported(0x60, "this is an external journal (journal_dev), not a filesystem");
        }

        ExtIncompat unknown = Incompat & ~ExtFeatures.Readable;
        if (unknown != 0)
        {
            sb.Unsupported(0x60, $"uses incompatible features that can't be read here: {ExtFeatures.Describe(unknown)}");
        }
    }

    private void CheckChecksum(StructReader sb)
    {
        if (!HasMetadataChecksums)
        {
            return;
        }

        if (sb.U8(0x175) != ChecksumTypeCrc32C)
        {
            sb.Unsupported(0x175, $"checksum type {sb.U8(0x175)}, not crc32c");
        }

        uint computed = Crc32C.Append(uint.MaxValue, sb.Bytes(0, 0x3FC));
        if (!StoredChecksum.Matches(sb.U32(0x3FC), computed)) // s_checksum
        {
            sb.Corrupt(0x3FC, $"checksum is 0x{sb.U32(0x3FC):x8}, computed 0x{computed:x8}");
        }
    }

    private long ReadClusterSize(StructReader sb)
    {
        uint logClusterSize = sb.U32(0x1C); // s_log_cluster_size; means fragments, and is ignored, without bigalloc
        if (!Has(ExtRoCompat.BigAlloc))
        {
            return BlockSize;
        }

        if (logClusterSize > ExtLimits.MaxLogClusterSize || (1024L << (int)logClusterSize) < BlockSize)
        {
            sb.Corrupt(0x1C, $"cluster size 2^(10+{logClusterSize}) with blocks of {BlockSize}");
        }

        return 1024L << (int)logClusterSize;
    }

    private long ReadBlocksCount(StructReader sb)
    {
        ulong count = sb.U32(0x4) | (Has(ExtIncompat.Bit64) ? (ulong)sb.U32(0x150) << 32 : 0);
        if (count > (ulong)(long.MaxValue / BlockSize))
        {
            sb.Corrupt(0x4, $"{count} blocks of {BlockSize} bytes");
        }

        return (long)count;
    }

    private int ReadDescriptorSize(StructReader sb)
    {
        if (!Has(ExtIncompat.Bit64))
        {
            return 32;
        }

        int size = sb.U16(0xFE); // s_desc_size
        if (size is < MinDescriptorSize64 or > ExtLimits.MaxDescriptorSize || !int.IsPow2(size))
        {
            sb.Corrupt(0xFE, $"group descriptors of {size} bytes");
        }

        return size;
    }

    private void CheckGeometry(StructReader sb)
    {
        if (InodeSize < GoodOldInodeSize || InodeSize > BlockSize || !int.IsPow2(InodeSize))
        {
            sb.Corrupt(0x58, $"inodes of {InodeSize} bytes");
        }

        if (FirstDataBlock >= BlocksCount || FirstDataBlock > 1)
        {
            sb.Corrupt(0x14, $"first data block {FirstDataBlock} of {BlocksCount}");
        }

        // One block of bitmap describes a group: Linux refuses more than 8 bits for each of its bytes.
        long mostBlocks = 8L * BlockSize * (ClusterSize / BlockSize);
        if (BlocksPerGroup == 0 || BlocksPerGroup > mostBlocks)
        {
            sb.Corrupt(0x20, $"{BlocksPerGroup} blocks in a group");
        }

        if (InodesPerGroup == 0 || InodesPerGroup > 8L * BlockSize)
        {
            sb.Corrupt(0x28, $"{InodesPerGroup} inodes in a group");
        }
    }

    private void CheckInodeCount(StructReader sb)
    {
        if (GroupCount > uint.MaxValue || InodesCount == 0 || InodesCount > GroupCount * InodesPerGroup)
        {
            sb.Corrupt(0, $"{InodesCount} inodes in {GroupCount} groups of {InodesPerGroup}");
        }
    }
}
