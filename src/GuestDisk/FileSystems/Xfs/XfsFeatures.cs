namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>sb_versionnum's bits that matter for reading (xfs_format.h, XFS_SB_VERSION_*).</summary>
[Flags]
internal enum XfsVersion : ushort
{
    NumberBits = 0x000F,
    LogV2 = 0x0400,
    Sector = 0x0800,
    DirectoryV2 = 0x2000,
    AsciiCaseInsensitive = 0x4000, // "BORGBIT"
    MoreBits = 0x8000,
}

/// <summary>sb_features2 (XFS_SB_VERSION2_*); counts only with <see cref="XfsVersion.MoreBits"/>.</summary>
[Flags]
internal enum XfsFeatures2 : uint
{
    LazySuperblockCounters = 0x002,
    Attributes2 = 0x008,
    ParentPointersOfIrix = 0x010,
    ProjectId32 = 0x080,
    Crc = 0x100,
    FileType = 0x200,

    /// <summary>What a version 4 filesystem may have.</summary>
    Readable = LazySuperblockCounters | Attributes2 | ProjectId32 | FileType,
}

/// <summary>sb_features_log_incompat of version 5 (XFS_SB_FEAT_INCOMPAT_LOG_*): what must be known to replay the log.</summary>
[Flags]
internal enum XfsLogIncompat : uint
{
    AttributeIntents = 1 << 0, // XFS_SB_FEAT_INCOMPAT_LOG_XATTRS
}

/// <summary>sb_features_incompat of version 5 (XFS_SB_FEAT_INCOMPAT_*).</summary>
[Flags]
internal enum XfsIncompat : uint
{
    FileType = 1 << 0,
    SparseInodes = 1 << 1,
    MetaUuid = 1 << 2,
    BigTime = 1 << 3,
    NeedsRepair = 1 << 4,
    LargeExtentCounts = 1 << 5, // nrext64
    ExchangeRange = 1 << 6,
    ParentPointers = 1 << 7,
    MetadataDirectory = 1 << 8, // metadir, with it realtime groups
    Zoned = 1 << 9,
    ZoneGaps = 1 << 10,

    /// <summary>
    /// Known here. Those after <see cref="LargeExtentCounts"/> add attributes, quota and realtime files and leave the data device's
    /// files and directories as they are; a realtime file is refused on its own.
    /// </summary>
    Readable = FileType | SparseInodes | MetaUuid | BigTime | NeedsRepair | LargeExtentCounts | ExchangeRange | ParentPointers
        | MetadataDirectory | Zoned | ZoneGaps,
}
