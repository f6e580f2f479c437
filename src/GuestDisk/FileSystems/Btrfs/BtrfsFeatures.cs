namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>incompat_flags (btrfs.h, BTRFS_FEATURE_INCOMPAT_*).</summary>
[Flags]
internal enum BtrfsIncompat : ulong
{
    MixedBackref = 1 << 0,
    DefaultSubvolume = 1 << 1,
    MixedGroups = 1 << 2,
    CompressLzo = 1 << 3,
    CompressZstd = 1 << 4,
    BigMetadata = 1 << 5,
    ExtendedInodeRef = 1 << 6,
    Raid56 = 1 << 7,
    SkinnyMetadata = 1 << 8,
    NoHoles = 1 << 9,
    MetadataUuid = 1 << 10,
    Raid1C34 = 1 << 11,
    Zoned = 1 << 12,
    ExtentTreeV2 = 1 << 13,
    RaidStripeTree = 1 << 14,
    SimpleQuota = 1 << 16,

    /// <summary>Known here. Zones move the superblocks, the other two where data is found.</summary>
    Readable = MixedBackref | DefaultSubvolume | MixedGroups | CompressLzo | CompressZstd | BigMetadata | ExtendedInodeRef | Raid56
        | SkinnyMetadata | NoHoles | MetadataUuid | Raid1C34 | SimpleQuota,
}

/// <summary>A filesystem's features by the names of mkfs.btrfs and /sys/fs/btrfs/features.</summary>
internal static class BtrfsFeatureNames
{
    private static readonly IReadOnlyList<(BtrfsIncompat Bit, string Name)> Names =
    [
        (BtrfsIncompat.MixedBackref, "mixed_backref"),
        (BtrfsIncompat.DefaultSubvolume, "default_subvol"),
        (BtrfsIncompat.MixedGroups, "mixed_groups"),
        (BtrfsIncompat.CompressLzo, "compress_lzo"),
        (BtrfsIncompat.CompressZstd, "compress_zstd"),
        (BtrfsIncompat.BigMetadata, "big_metadata"),
        (BtrfsIncompat.ExtendedInodeRef, "extended_iref"),
        (BtrfsIncompat.Raid56, "raid56"),
        (BtrfsIncompat.SkinnyMetadata, "skinny_metadata"),
        (BtrfsIncompat.NoHoles, "no_holes"),
        (BtrfsIncompat.MetadataUuid, "metadata_uuid"),
        (BtrfsIncompat.Raid1C34, "raid1c34"),
        (BtrfsIncompat.Zoned, "zoned"),
        (BtrfsIncompat.ExtentTreeV2, "extent_tree_v2"),
        (BtrfsIncompat.RaidStripeTree, "raid_stripe_tree"),
        (BtrfsIncompat.SimpleQuota, "simple_quota"),
    ];

    /// <summary>The checksum first, then what a reader must know.</summary>
    public static IReadOnlyList<string> Of(BtrfsSuperblock superblock) =>
        [superblock.Checksum.Name, .. Of(superblock.Incompat)];

    /// <summary>Bits by name, unknown ones by number.</summary>
    public static IEnumerable<string> Of(BtrfsIncompat bits)
    {
        for (int bit = 0; bit < 64; bit++)
        {
            BtrfsIncompat flag = (BtrfsIncompat)(1UL << bit);
            if (bits.HasFlag(flag))
            {
                yield return Names.FirstOrDefault(feature => feature.Bit == flag).Name ?? $"bit {bit}";
            }
        }
    }
}
