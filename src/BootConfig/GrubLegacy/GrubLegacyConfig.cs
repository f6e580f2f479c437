using System.Globalization;

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
            Warnings = session.Warnings,
            Select = selector => Select(menu, selector),
        };
    }

    /// <summary>GRUB legacy knows numbers only; titles and paths are for the administrator who names an entry.</summary>
    private static LegacyEntry? Select(LegacyMenu menu, string selector)
    {
        LegacyMenu? at = menu;
        LegacyEntry? entry = null;
        string rest = selector;
        while (at is not null)
        {
            // A title may itself hold a ">": the whole rest is tried before its first part.
            entry = Named(at, rest);
            if (entry is not null)
            {
                return entry.IsSubmenu ? entry.Submenu!.DefaultEntry : entry;
            }

            int arrow = rest.IndexOf('>', StringComparison.Ordinal);
            if (arrow < 0)
            {
                return null;
            }

            entry = Named(at, rest[..arrow]);
            rest = rest[(arrow + 1)..];
            at = entry is { IsSubmenu: true } ? entry.Submenu : null;
        }

        return null;
    }

    private static LegacyEntry? Named(LegacyMenu menu, string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < menu.Entries.Count)
        {
            return menu.Entries[number];
        }

        return menu.Entries.FirstOrDefault(entry => entry.Title == name);
    }
}
