namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Ceilings of the Btrfs reader. The names in brackets are those of Linux' btrfs_tree.h and fs/btrfs.</summary>
internal static class BtrfsLimits
{
    /// <summary>Bytes of a tree block (BTRFS_MAX_METADATA_BLOCKSIZE).</summary>
    public const int MaxNodeBytes = 65536;

    /// <summary>Bytes of a sector: the unit of checksums.</summary>
    public const int MaxSectorBytes = 65536;

    /// <summary>Levels of a tree (BTRFS_MAX_LEVEL).</summary>
    public const int MaxLevels = 8;

    /// <summary>Bytes of the chunks that the superblock itself lists (BTRFS_SYSTEM_CHUNK_ARRAY_SIZE).</summary>
    public const int MaxSystemChunkBytes = 2048;

    /// <summary>Chunks: 64 TiB of them at the usual gibibyte.</summary>
    public const int MaxChunks = 65_536;

    /// <summary>Devices of one filesystem.</summary>
    public const int MaxDevices = 1024;

    /// <summary>Bytes of one compressed extent, and of what it holds (BTRFS_MAX_COMPRESSED, BTRFS_MAX_UNCOMPRESSED).</summary>
    public const int MaxCompressedExtentBytes = 128 << 10;

    /// <summary>Bytes of tree blocks that are kept.</summary>
    public const int MaxCachedBytes = 4 << 20;

    /// <summary>Subvolumes that one reader meets.</summary>
    public const int MaxSubvolumes = 0xFFFE;

    /// <summary>Bytes of a subvolume's path from the top.</summary>
    public const int MaxSubvolumePathBytes = 4096;

    /// <summary>Subvolumes in the root directory that are looked for a boot loader's files.</summary>
    public const int MaxTopSubvolumes = 64;

    /// <summary>Items of the log tree, and of what its replay changes.</summary>
    public const int MaxLogItems = 100_000;

    /// <summary>Bytes of those items.</summary>
    public const int MaxLogBytes = 8 << 20;
}
