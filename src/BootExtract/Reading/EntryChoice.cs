using System.Globalization;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Reading;

/// <summary>A menu's entries in a row, and the one that a name means.</summary>
internal static class EntryChoice
{
    /// <summary>
    /// Every entry that can boot, submenus' entries in their place: the rows of the list. Numbers for --entry count these, as pygrub does,
    /// which knows no submenus.
    /// </summary>
    /// <param name="menu">The menu.</param>
    /// <param name="note">Told which submenus can't be opened.</param>
    /// <exception cref="ExtractException">More than <see cref="MenuLimits"/> allow.</exception>
    public static List<BootEntry> Rows(BootMenu menu, Action<string> note)
    {
        List<BootEntry> rows = [];
        Add(rows, menu, menu.Entries, depth: 0, note);
        return rows;
    }

    /// <summary>The entry that --entry names.</summary>
    /// <param name="menu">The menu.</param>
    /// <param name="name">A number in <see cref="Rows"/>, a title, an id, or GRUB's path "a>b".</param>
    /// <param name="note">Told what a person could mistake.</param>
    /// <exception cref="ExtractException">No entry has that name. (pygrub takes the default entry then; this does not guess.)</exception>
    public static BootEntry Named(BootMenu menu, string name, Action<string> note)
    {
        List<BootEntry> rows = Rows(menu, note);
        if (int.TryParse(name, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number)
            && number < rows.Count)
        {
            BootEntry row = rows[number];
            if (menu.Select(name) is { } other && other.Index != row.Index)
            {
                note($"--entry={number} is row {number} of the list, \"{GuestText.Display(row.Title)}\", as pygrub counts; "
                    + $"what GRUB calls {number} is \"{GuestText.Display(other.Title)}\": give its title or id for that");
            }

            return row;
        }

        return rows.FirstOrDefault(row => row.Title == name)
            ?? menu.Select(name)
            ?? rows.FirstOrDefault(row => row.Id == name && name.Length > 0)
            ?? throw new ExtractException(
                ExitCode.NotFound,
                $"{menu.Config}: no entry \"{GuestText.Display(name)}\" among {rows.Count}; pygrub-rbd -l lists them (numbers count from 0)");
    }

    private static void Add(List<BootEntry> rows, BootMenu menu, IReadOnlyList<BootEntry> entries, int depth, Action<string> note)
    {
        foreach (BootEntry entry in entries)
        {
            if (!entry.IsSubmenu)
            {
                rows.Add(entry);
            }
            else if (depth < MenuLimits.MaxDepth)
            {
                Add(rows, menu, Open(entry, note), depth + 1, note);
            }

            if (rows.Count > MenuLimits.MaxEntries || (entry.IsSubmenu && depth == MenuLimits.MaxDepth))
            {
                throw new ExtractException(
                    ExitCode.OverLimit,
                    $"{menu.Config}: more than {MenuLimits.MaxEntries} entries, or submenus deeper than {MenuLimits.MaxDepth}");
            }
        }
    }

    private static IReadOnlyList<BootEntry> Open(BootEntry submenu, Action<string> note)
    {
        try
        {
            return submenu.Children;
        }
        catch (BootConfigException e)
        {
            note($"warning: submenu {submenu.Index} \"{GuestText.Display(submenu.Title)}\" can't be opened: {e.Message}");
            return [];
        }
    }
}
