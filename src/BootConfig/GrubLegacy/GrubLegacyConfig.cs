namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>Reads a GRUB legacy configuration ("menu.lst", "grub.conf") and says what it would boot.</summary>
public static class GrubLegacyConfig
{
    /// <summary>Reads a menu.</summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="volume">The volume that holds the file; it is the root device that entries begin with.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BootConfigException">There is no such file, or it is beyond a limit.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static BootMenu Load(IBootHost host, IBootVolume volume, string path)
    {
        LegacySession session = new(host);
        LegacyMenu menu = LegacyMenu.Load(session, new BootFile(volume, path), parent: null, depth: 0);
        return new BootMenu
        {
            Format = "GRUB legacy",
            Config = menu.File,
            Entries = menu.Entries,
            Default = menu.DefaultEntry,
            DefaultReason = menu.DefaultReason,
            Fallbacks = menu.Fallbacks,
            TimeoutSeconds = menu.Config.Timeout,
            TimeoutStyle = menu.Config is { IsHidden: true, Timeout: not null } ? "hidden" : "menu",
            Password = menu.Config.Password,
            Protection = menu.Config.Password is { } password ? LegacyPassword.Protection(password) : null,
            OpenPrompt = () => new LegacyPrompt(menu),
            Warnings = session.Warnings,
            // GRUB legacy knows numbers only; titles and paths are for the administrator who names an entry.
            Select = selector => EntryNames.Select(menu.Entries, selector, static entry => ((LegacyEntry)entry).Submenu?.DefaultEntry),
        };
    }
}
