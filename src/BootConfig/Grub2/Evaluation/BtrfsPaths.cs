namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Where a path of a script is on a Btrfs. GNU GRUB begins at the top-level subvolume. SUSE's, with <c>btrfs_relative_path</c> set, begins at the default
/// subvolume, or at the one that <c>btrfs_subvol</c> names (its grub2-btrfs-01 to -06 patches, grub_btrfs_mount).
/// </summary>
internal static class BtrfsPaths
{
    private const string RelativeVariable = "btrfs_relative_path";

    /// <summary>The path from the top-level subvolume.</summary>
    /// <exception cref="GuestDisk.ImageFormatException">The volume's subvolumes can't be read.</exception>
    public static string Locate(IBootVolume volume, string path, GrubEnvironment environment)
    {
        if (volume.FileSystem != "btrfs" || path is not ['/', ..] || environment.Get(RelativeVariable) is not ['1' or 'y', ..])
        {
            return path;
        }

        return environment.Get("btrfs_subvol") is { Length: > 0 } named ? $"/{named.Trim('/')}{path}" : volume.DefaultSubvolume + path;
    }

    /// <summary>
    /// What SUSE's GRUB is told at its installation, where a configuration in the default subvolume is one of its: it sets the variable itself once more.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="script">Its text.</param>
    /// <returns>The configuration's path from the default subvolume, for which <see cref="RelativeVariable"/> has to be set; else null.</returns>
    /// <exception cref="GuestDisk.ImageFormatException">The volume's subvolumes can't be read.</exception>
    public static string? RelativePathOf(BootFile config, string script)
    {
        string top = config.Volume.DefaultSubvolume;
        return top.Length > 0 && config.Path.StartsWith(top + "/", StringComparison.Ordinal) && script.Contains(RelativeVariable, StringComparison.Ordinal)
            ? config.Path[top.Length..]
            : null;
    }
}
