namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>Ceilings for the numbers that an ext2, ext3 or ext4 filesystem gives, beside the shared <see cref="Limits"/>.</summary>
internal static class ExtLimits
{
    /// <summary>s_log_block_size: 1 KiB shifted by it. Linux: EXT4_MAX_BLOCK_LOG_SIZE - EXT4_MIN_BLOCK_LOG_SIZE.</summary>
    public const int MaxLogBlockSize = 6;

    /// <summary>s_log_cluster_size, counted as s_log_block_size. Linux: EXT4_MAX_CLUSTER_LOG_SIZE is 30.</summary>
    public const int MaxLogClusterSize = 20;

    /// <summary>s_desc_size. Linux: EXT4_MAX_DESC_SIZE.</summary>
    public const int MaxDescriptorSize = 1024;

    /// <summary>eh_depth. Linux: EXT4_MAX_EXTENT_DEPTH.</summary>
    public const int MaxExtentDepth = 5;

    /// <summary>Metadata blocks kept in memory, in bytes (never fewer than <see cref="MinCachedBlocks"/> blocks).</summary>
    public const int MaxCacheBytes = 512 << 10;

    /// <summary>So that a tree's path fits even with 64 KiB blocks.</summary>
    public const int MinCachedBlocks = 8;

    /// <summary>Bytes of one directory: <see cref="Limits.MaxDirectoryEntries"/> at 256 bytes each.</summary>
    public const long MaxDirectoryBytes = 1L << 30;

    /// <summary>Directory blocks read with one call where they lie side by side.</summary>
    public const int DirectoryWindowBytes = 64 << 10;

    /// <summary>Directories up to this size are searched from their start: as few reads as through the hash tree.</summary>
    public const int LinearDirectoryBytes = 16 << 10;

    /// <summary>Levels of a hash tree below its root. Linux: EXT4_HTREE_LEVEL - 1 (with large_dir).</summary>
    public const int MaxHashTreeLevels = 2;

    /// <summary>Journal blocks read with one call.</summary>
    public const int JournalWindowBytes = 128 << 10;

    /// <summary>Blocks that a journal replay may put in place of the disk's: 24 bytes of memory each.</summary>
    public const int MaxReplayedBlocks = 4 << 20;

    /// <summary>Revocation records of one journal.</summary>
    public const int MaxRevocations = 4 << 20;

    /// <summary>Names, inodes and ranges that fast commits may change.</summary>
    public const int MaxFastCommitTags = 1 << 16;

    /// <summary>Bytes of fast commits held in memory. Linux writes 256 blocks at most by default.</summary>
    public const int MaxFastCommitBytes = 8 << 20;
}
