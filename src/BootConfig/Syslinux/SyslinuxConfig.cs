namespace BlockRbd.BootConfig.Syslinux;

/// <summary>Reads a configuration of SYSLINUX, EXTLINUX, ISOLINUX, or of U-Boot, which took its format over, and says what it would boot.</summary>
public static class SyslinuxConfig
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="volume">The volume that holds the file.</param>
    /// <param name="path">The file; names in it are relative to its directory.</param>
    /// <exception cref="BootConfigException">There is no such file, or it is beyond a limit.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static BootMenu Load(IBootHost host, IBootVolume volume, string path)
    {
        SyslinuxSession session = new(host);
        SyslinuxLoader loader = SyslinuxLoader.Read(session, new BootFile(volume, path));
        (SyslinuxEntry? entry, string reason) = loader.ChooseDefault();
        IReadOnlyList<SyslinuxEntry> entries = loader.TopEntries;
        return new BootMenu
        {
            Format = Format(path),
            Config = loader.File,
            Entries = entries.Count == 0 && entry is not null ? [entry] : entries, // DEFAULT alone, with a kernel's name
            Default = entry,
            DefaultReason = reason,
            TimeoutSeconds = loader.TimeoutSeconds,
            TimeoutStyle = loader.TimeoutStyle,
            Warnings = session.Warnings,
            Select = selector => EntryNames.Select(entries, selector, static entry => ((SyslinuxEntry)entry).DefaultEntry),
        };
    }

    private static string Format(string path) =>
        path.EndsWith("extlinux.conf", StringComparison.OrdinalIgnoreCase) ? "EXTLINUX"
        : path.EndsWith("isolinux.cfg", StringComparison.OrdinalIgnoreCase) ? "ISOLINUX"
        : "SYSLINUX";
}
