namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>Ceilings of the XFS reader. The names in brackets are those of Linux' xfs_format.h, xfs_da_format.h and xfs_log_format.h.</summary>
internal static class XfsLimits
{
    /// <summary>Filesystem block, log2 (XFS_MIN_BLOCKSIZE_LOG); 10 for version 5 (XFS_MIN_CRC_BLOCKSIZE).</summary>
    public const int MinBlockLog = 9;

    /// <summary>Filesystem block and directory block, log2 (XFS_MAX_BLOCKSIZE_LOG).</summary>
    public const int MaxBlockLog = 16;

    /// <summary>Sector, log2 (XFS_MIN_SECTORSIZE_LOG).</summary>
    public const int MinSectorLog = 9;

    /// <summary>Sector, log2 (XFS_MAX_SECTORSIZE_LOG).</summary>
    public const int MaxSectorLog = 15;

    /// <summary>Inode, log2 (XFS_DINODE_MIN_LOG).</summary>
    public const int MinInodeLog = 8;

    /// <summary>Inode, log2 (XFS_DINODE_MAX_LOG).</summary>
    public const int MaxInodeLog = 11;

    /// <summary>Bytes of an allocation group, log2: a terabyte (XFS_MAX_AG_BYTES).</summary>
    public const int MaxGroupBytesLog = 40;

    /// <summary>Levels of an extent tree above its leaves (XFS_BTREE_MAXLEVELS).</summary>
    public const int MaxTreeLevel = 9;

    /// <summary>Levels of a directory's hash tree above its leaves (XFS_DA_NODE_MAXDEPTH).</summary>
    public const int MaxHashLevel = 5;

    /// <summary>Leaf blocks of one lookup, all full of names with the same hash.</summary>
    public const int MaxHashLeaves = 512;

    /// <summary>Bytes of one directory's data blocks that are walked before it counts as hostile.</summary>
    public const long MaxDirectoryBytes = 1L << 30;

    /// <summary>Bytes of a symbolic link's target (XFS_SYMLINK_MAXLEN).</summary>
    public const int MaxSymlinkBytes = 1024;

    /// <summary>Blocks of the log (XFS_MAX_LOG_BLOCKS).</summary>
    public const uint MaxLogBlocks = 1 << 20;

    /// <summary>Bytes of the log (XFS_MAX_LOG_BYTES, rounded up).</summary>
    public const long MaxLogBytes = 1L << 31;

    /// <summary>Bytes of one log record's body (XLOG_MAX_RECORD_BSIZE).</summary>
    public const int MaxLogRecordBytes = 256 * 1024;

    /// <summary>Basic blocks of one log record, eight of header among them.</summary>
    public const int MaxLogRecordBlocks = 512 + 8;

    /// <summary>Log records walked from where the superblock was logged, before the head is looked for in another way.</summary>
    public const int MaxLogRecordsAfterSuperblock = 16;

    /// <summary>Transactions in the log that were begun and not ended at one time.</summary>
    public const int MaxLogTransactions = 16 * 1024;

    /// <summary>Pieces of such transactions, 16 bytes each here: one checkpoint has no more than 64 MiB.</summary>
    public const int MaxLogPieces = 1 << 19;

    /// <summary>Bytes of an item's first region that are looked at.</summary>
    public const int MaxLogFormatBytes = 512;

    /// <summary>Pieces of 128 bytes of metadata that the log replaces, 16 bytes each here: three quarters of 2^20.</summary>
    public const int MaxLogChunks = 3 << 18;

    /// <summary>Inodes that the log changes, 40 bytes each here: three quarters of 2^18.</summary>
    public const int MaxLogInodes = 3 << 16;

    /// <summary>Bytes of regions that are divided over two records, kept in memory.</summary>
    public const int MaxLogKeptBytes = 4 << 20;

    /// <summary>Buffers that the log says are freed.</summary>
    public const int MaxLogCancelled = 1 << 17;

    /// <summary>Intents that are not done.</summary>
    public const int MaxLogIntents = 1 << 15;

    /// <summary>Files with unfinished work.</summary>
    public const int MaxLogFiles = 1 << 15;

    /// <summary>Extents of one file that recovery maps or unmaps.</summary>
    public const int MaxLogRemaps = 1024;

    /// <summary>Blocks of a chunk of inodes: 64 of 2 KiB in blocks of 512 bytes.</summary>
    public const uint MaxInodeChunkBlocks = 256;
}
