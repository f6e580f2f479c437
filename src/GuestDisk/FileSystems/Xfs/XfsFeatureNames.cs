namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>A filesystem's features by the names that xfs_info and xfs_db's "version" print.</summary>
internal static class XfsFeatureNames
{
    private static readonly IReadOnlyList<(XfsIncompat Bit, string Name)> Incompat =
    [
        (XfsIncompat.FileType, "ftype"),
        (XfsIncompat.SparseInodes, "sparse"),
        (XfsIncompat.MetaUuid, "meta_uuid"),
        (XfsIncompat.BigTime, "bigtime"),
        (XfsIncompat.NeedsRepair, "needsrepair"),
        (XfsIncompat.LargeExtentCounts, "nrext64"),
        (XfsIncompat.ExchangeRange, "exchange"),
        (XfsIncompat.ParentPointers, "parent"),
        (XfsIncompat.MetadataDirectory, "metadir"),
        (XfsIncompat.Zoned, "zoned"),
        (XfsIncompat.ZoneGaps, "zone_gaps"),
    ];

    /// <summary>"v4" or "v5" first, then what a reader must know.</summary>
    public static IReadOnlyList<string> Of(XfsSuperblock superblock) =>
    [
        superblock.IsV5 ? "v5" : "v4",
        .. superblock.IsAsciiCaseInsensitive ? (string[])["ascii-ci"] : [],
        .. Incompat.Where(feature => superblock.Incompat.HasFlag(feature.Bit)).Select(feature => feature.Name),
    ];
}
