using System.Globalization;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>s_feature_compat. A reader may ignore those that it doesn't know.</summary>
[Flags]
internal enum ExtCompat : uint
{
    HasJournal = 0x4,
    DirIndex = 0x20,
    SparseSuper2 = 0x200,
}

/// <summary>s_feature_ro_compat. A reader may ignore those that it doesn't know.</summary>
[Flags]
internal enum ExtRoCompat : uint
{
    SparseSuper = 0x1,
    LargeFile = 0x2,
    BtreeDir = 0x4,
    GdtCsum = 0x10,
    BigAlloc = 0x200,
    MetadataCsum = 0x400,
}

/// <summary>s_feature_incompat. A reader that doesn't know one of them must not read.</summary>
[Flags]
internal enum ExtIncompat : uint
{
    Compression = 0x1,
    FileType = 0x2,
    Recover = 0x4,
    JournalDev = 0x8,
    MetaBg = 0x10,
    Extents = 0x40,
    Bit64 = 0x80,
    Mmp = 0x100,
    FlexBg = 0x200,
    EaInode = 0x400,
    DirData = 0x1000,
    CsumSeed = 0x2000,
    LargeDir = 0x4000,
    InlineData = 0x8000,
    Encrypt = 0x10000,
    CaseFold = 0x20000,
}

/// <summary>i_flags, those that decide how an inode is read.</summary>
[Flags]
internal enum ExtInodeFlags : uint
{
    Compressed = 0x4,
    Encrypted = 0x800,
    HashIndexed = 0x1000,
    HugeFile = 0x40000,
    Extents = 0x80000,
    EaInode = 0x200000,
    InlineData = 0x10000000,
    CaseFolded = 0x40000000,
}

/// <summary>Which features are read here, and what the others are called.</summary>
internal static class ExtFeatures
{
    /// <summary>Every incompatible feature whose data is read correctly.</summary>
    public const ExtIncompat Readable = ExtIncompat.FileType | ExtIncompat.Recover | ExtIncompat.MetaBg | ExtIncompat.Extents
        | ExtIncompat.Bit64 | ExtIncompat.Mmp | ExtIncompat.FlexBg | ExtIncompat.EaInode | ExtIncompat.CsumSeed
        | ExtIncompat.LargeDir | ExtIncompat.InlineData | ExtIncompat.Encrypt | ExtIncompat.CaseFold;

    /// <summary>The bits by e2fsprogs' names: "compression (0x1), unknown (0x80000)".</summary>
    public static string Describe(ExtIncompat bits) => string.Join(
        ", ", Each(bits).Select(bit => string.Create(CultureInfo.InvariantCulture, $"{Name(bit)} (0x{(uint)bit:x})")));

    /// <summary>The bits' names alone.</summary>
    public static IReadOnlyList<string> Names(ExtIncompat bits) => [.. Each(bits).Select(Name)];

    private static IEnumerable<ExtIncompat> Each(ExtIncompat bits) =>
        Enumerable.Range(0, 32).Select(bit => (ExtIncompat)(1u << bit)).Where(bit => (bits & bit) != 0);

    /// <summary>lib/e2p/feature.c.</summary>
    private static string Name(ExtIncompat bit) => bit switch
    {
        ExtIncompat.Compression => "compression",
        ExtIncompat.FileType => "filetype",
        ExtIncompat.Recover => "needs_recovery",
        ExtIncompat.JournalDev => "journal_dev",
        ExtIncompat.MetaBg => "meta_bg",
        ExtIncompat.Extents => "extent",
        ExtIncompat.Bit64 => "64bit",
        ExtIncompat.Mmp => "mmp",
        ExtIncompat.FlexBg => "flex_bg",
        ExtIncompat.EaInode => "ea_inode",
        ExtIncompat.DirData => "dirdata",
        ExtIncompat.CsumSeed => "metadata_csum_seed",
        ExtIncompat.LargeDir => "large_dir",
        ExtIncompat.InlineData => "inline_data",
        ExtIncompat.Encrypt => "encrypt",
        ExtIncompat.CaseFold => "casefold",
        _ => "unknown",
    };
}
