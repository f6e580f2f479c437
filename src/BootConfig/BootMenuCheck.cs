using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig;

/// <summary>Tells whether a menu is one that a guest can have booted by.</summary>
internal static class BootMenuCheck
{
    /// <summary>Entries that are run before a menu counts as one without a Linux.</summary>
    private const int MaxEntriesTried = 256;

    /// <summary>Submenus inside submenus that are looked into.</summary>
    private const int MaxDepth = 8;

    /// <summary>
    /// Null where some entry, the default first, boots a Linux whose kernel is there; else a sentence about the first that fails.
    /// </summary>
    public static string? WhyNothingBoots(BootMenu menu)
    {
        string? problem = menu.Default is { } first ? Problem(first) : "it has no default entry";
        if (problem is null)
        {
            return null;
        }

        int tried = 0;
        return AnyBoots(menu.Entries, MaxDepth, ref tried) ? null : $"no entry can be booted: {problem}";
    }

    private static bool AnyBoots(IReadOnlyList<BootEntry> entries, int depth, ref int tried)
    {
        foreach (BootEntry entry in entries)
        {
            if (++tried > MaxEntriesTried)
            {
                return false;
            }

            if (IsSubmenu(entry) ? depth > 0 && AnyBoots(entry.Children, depth - 1, ref tried) : Problem(entry) is null)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSubmenu(BootEntry entry)
    {
        try
        {
            return entry.IsSubmenu && entry.Children.Count >= 0;
        }
        catch (Exception e) when (e is BootConfigException or ImageFormatException)
        {
            return false;
        }
    }

    private static string? Problem(BootEntry entry)
    {
        try
        {
            return entry.Plan() switch
            {
                LinuxBoot linux => linux.Kernel.Volume.Stat(linux.Kernel.Path) is { IsDirectory: false }
                    ? null
                    : $"{GuestText.Display(linux.Kernel.ToString())} is not there",
                OtherBoot other => $"\"{GuestText.Display(entry.Title)}\" boots no Linux but {other.What}",
                _ => "it boots nothing known",
            };
        }
        catch (Exception e) when (e is BootConfigException or ImageFormatException)
        {
            return e.Message;
        }
    }
}
