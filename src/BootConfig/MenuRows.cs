using System.Globalization;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig;

/// <summary>A menu's entries in a row, and the one that a name means.</summary>
public static class MenuRows
{
    /// <summary>Submenus inside one another. GRUB has no bound; people have two.</summary>
    public const int MaxDepth = 32;

    /// <summary>Entries of all submenus together.</summary>
    public const int MaxEntries = 10_000;

    /// <summary>Every entry that can boot, submenus' entries in their place.</summary>
    /// <param name="menu">The menu.</param>
    /// <param name="note">Told which submenus can't be opened.</param>
    /// <exception cref="ImageFormatException">More than <see cref="MaxEntries"/>, or deeper than <see cref="MaxDepth"/> (OverLimit).</exception>
    public static List<MenuRow> Of(BootMenu menu, Action<string> note)
    {
        List<MenuRow> rows = [];
        Add(rows, menu, menu.Entries, [], note);
        return rows;
    }

    /// <summary>The row that a person names; null where none has that name.</summary>
    /// <param name="menu">The menu.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="name">A row's number, a title, an id, or GRUB's path "a>b".</param>
    /// <param name="note">Told what a person could mistake.</param>
    public static BootEntry? Named(BootMenu menu, IReadOnlyList<MenuRow> rows, string name, Action<string> note)
    {
        if (int.TryParse(name, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number)
            && number < rows.Count)
        {
            BootEntry row = rows[number].Entry;
            if (menu.Select(name) is { } other && other.Index != row.Index)
            {
                note($"--entry={number} is row {number} of the list, \"{GuestText.Display(row.Title)}\", as pygrub counts; "
                    + $"what GRUB calls {number} is \"{GuestText.Display(other.Title)}\": give its title or id for that");
            }

            return row;
        }

        return rows.FirstOrDefault(row => row.Entry.Title == name)?.Entry
            ?? menu.Select(name)
            ?? rows.FirstOrDefault(row => row.Entry.Id == name && name.Length > 0)?.Entry;
    }

    private static void Add(List<MenuRow> rows, BootMenu menu, IReadOnlyList<BootEntry> entries, IReadOnlyList<string> parents, Action<string> note)
    {
        foreach (BootEntry entry in entries)
        {
            if (!entry.IsSubmenu)
            {
                rows.Add(new MenuRow(entry, parents));
            }
            else if (parents.Count < MaxDepth)
            {
                Add(rows, menu, Open(entry, note), [.. parents, entry.Title], note);
            }

            if (rows.Count > MaxEntries || (entry.IsSubmenu && parents.Count == MaxDepth))
            {
                throw new ImageFormatException(
                    ImageFault.OverLimit, "boot menu", GuestText.Display(menu.Config.ToString()), -1,
                    $"more than {MaxEntries} entries, or submenus deeper than {MaxDepth}");
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
