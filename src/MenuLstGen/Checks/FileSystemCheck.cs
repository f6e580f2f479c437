using BlockRbd.BootConfig;
using BlockRbd.MenuLstGen.Guest;

namespace BlockRbd.MenuLstGen.Checks;

/// <summary>Whether PV-GRUB reads the filesystem that a file stands on.</summary>
internal static class FileSystemCheck
{
    // stubdom/grub/Makefile of Xen: FSYS_EXT2FS, FAT, FFS, ISO9660, JFS, MINIX, REISERFS, UFS2, VSTAFS, XFS, by GRUB 2's names of them.
    private static readonly HashSet<string> ReadByLegacy = ["ext2", "fat", "iso9660", "jfs", "minix", "reiserfs", "ufs1", "ufs2", "xfs"];

    // What changes where or how ext data stands, and stubdom/grub.patches/60ext4.diff doesn't know. With 64bit it gives up by itself.
    private static readonly HashSet<string> ExtUnknownToLegacy =
        ["64bit", "meta_bg", "inline_data", "compression", "journal_dev", "dirdata", "casefold", "unknown"];

    // EXT2_DRIVER_SUPPORTED_INCOMPAT and _IGNORED_INCOMPAT of grub-core/fs/ext2.c, 2.06 as Debian 12 has it; a test asks that one.
    private static readonly HashSet<string> ExtKnownToGrub2 =
        ["filetype", "extent", "flex_bg", "meta_bg", "64bit", "encrypt", "needs_recovery", "mmp", "metadata_csum_seed", "large_dir"];

    // XFS_SB_FEAT_INCOMPAT_SUPPORTED of grub-core/fs/xfs.c, the same.
    private static readonly HashSet<string> XfsKnownToGrub2 = ["v4", "v5", "ftype", "sparse", "meta_uuid", "bigtime", "needsrepair", "nrext64"];

    /// <summary>What it can't read.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="loader">Which PV-GRUB.</param>
    public static IEnumerable<string> Problems(IBootVolume volume, PvGrub loader)
    {
        if (volume.FileSystem.Length == 0)
        {
            yield break; // a directory that is no mount: nothing is known of what it stands on
        }

        string place = $"({volume.GrubName})";
        IReadOnlyList<string> features = Volumes.Features(volume);
        if (loader.HasFlag(PvGrub.Legacy))
        {
            if (volume.GrubName.Contains(",gpt", StringComparison.Ordinal))
            {
                yield return $"{place} is a GPT partition: PV-GRUB (GRUB 0.97) reads MBR partition tables only";
            }

            string[] unknown = [.. LegacyProblems(volume.FileSystem, features)];
            if (!ReadByLegacy.Contains(volume.FileSystem))
            {
                yield return $"{place} has {Shown(volume)}: PV-GRUB (GRUB 0.97) reads ext2/3/4, FAT, ISO 9660, JFS, ReiserFS, XFS 4, UFS and Minix";
            }
            else if (unknown.Length > 0)
            {
                yield return $"{place} has {Shown(volume)} with {string.Join(", ", unknown)}: PV-GRUB (GRUB 0.97) can't read that";
            }
        }

        string[] new2 = [.. Grub2Problems(volume.FileSystem, features)];
        if (loader.HasFlag(PvGrub.Grub2) && new2.Length > 0)
        {
            yield return $"{place} has {Shown(volume)} with {string.Join(", ", new2)}: PV-GRUB 2.06 can't read that";
        }
    }

    private static string Shown(IBootVolume volume) => GuestText.Display(volume.FileSystem == "ext2" ? "ext2/3/4" : volume.FileSystem);

    private static IEnumerable<string> LegacyProblems(string fileSystem, IReadOnlyList<string> features) => fileSystem switch
    {
        "ext2" => features.Where(ExtUnknownToLegacy.Contains),
        "xfs" => features.Where(feature => feature == "v5"), // fsys_xfs.c of 0.97: version 4 alone
        _ => [],
    };

    private static IEnumerable<string> Grub2Problems(string fileSystem, IReadOnlyList<string> features) => fileSystem switch
    {
        "ext2" => features.Where(feature => !ExtKnownToGrub2.Contains(feature)),
        "xfs" => features.Where(feature => !XfsKnownToGrub2.Contains(feature)),
        "squash4" => features.Where(feature => feature is not ("gzip" or "lzo" or "xz")), // squash_mount of grub-core/fs/squash4.c
        _ => [],
    };
}
