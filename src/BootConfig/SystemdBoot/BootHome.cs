namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>A place with a directory "loader" or "EFI": the root of a partition, or where one would be mounted.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Prefix">Empty, or the directory: "/boot", "/efi", "/boot/efi".</param>
internal sealed record BootHome(IBootVolume Volume, string Prefix)
{
    private const string SystemPartition = "c12a7328-f81f-11d2-ba4b-00c93ec93b53"; // UEFI 2.10, 5.3.3
    private const string SystemPartitionMsdos = "0xef";
    private const string ExtendedLoader = "bc13c2ff-59e6-4262-a352-b275fd6f7172"; // UAPI.1, XBOOTLDR
    private const string ExtendedLoaderMsdos = "0xea";

    /// <summary>What a configuration's path ends with, that its home has before it.</summary>
    private static readonly string[] Ends = ["/loader/loader.conf", "/loader/entries", "/EFI/Linux"];

    /// <summary>
    /// The homes that belong to a configuration: its own, then the EFI system partition and the extended boot loader partition of the same disk.
    /// A volume whose filesystem can't be read is none.
    /// </summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="config">loader.conf, the directory of entries, or the directory of images.</param>
    public static IReadOnlyList<BootHome> Of(IBootHost host, BootFile config)
    {
        string path = config.Path.TrimEnd('/');
        string end = Ends.FirstOrDefault(end => path.EndsWith(end, StringComparison.OrdinalIgnoreCase)) ?? string.Empty;
        BootHome own = new(config.Volume, path[..^end.Length]);
        string disk = config.Volume.GrubName.Split(',')[0];
        IEnumerable<BootHome> others =
            from volume in host.Volumes
            where volume.Unreadable is null && volume != config.Volume && volume.GrubName.Split(',')[0] == disk
            where volume.PartitionType is SystemPartition or SystemPartitionMsdos or ExtendedLoader or ExtendedLoaderMsdos
            orderby volume.PartitionType is ExtendedLoader or ExtendedLoaderMsdos // the loader's own partition first
            select new BootHome(volume, string.Empty);
        return [own, .. others];
    }

    /// <summary>A file below the home.</summary>
    public BootFile File(string path) => new(Volume, Prefix + path);

    /// <summary>
    /// A file by its path in an entry, relative to the partition's root with or without a slash in front; backslashes as firmware writes
    /// them are slashes. Where the home is a directory of a larger filesystem, the path may count from either root.
    /// </summary>
    public BootFile Named(string path)
    {
        string clean = "/" + path.Replace('\\', '/').TrimStart('/');
        return Prefix.Length > 0 && Volume.Stat(clean) is null && Volume.Stat(Prefix + clean) is not null
            ? new BootFile(Volume, Prefix + clean)
            : new BootFile(Volume, clean);
    }
}
