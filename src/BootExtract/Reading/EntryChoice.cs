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
    public static List<BootEntry> Rows(BootMenu menu, Action<string> note) => [.. MenuRows.Of(menu, note).Select(row => row.Entry)];

    /// <summary>The entry that --entry names.</summary>
    /// <param name="menu">The menu.</param>
    /// <param name="name">A number in <see cref="Rows"/>, a title, an id, or GRUB's path "a>b".</param>
    /// <param name="note">Told what a person could mistake.</param>
    /// <exception cref="ExtractException">No entry has that name. (pygrub takes the default entry then; this does not guess.)</exception>
    public static BootEntry Named(BootMenu menu, string name, Action<string> note)
    {
        List<MenuRow> rows = MenuRows.Of(menu, note);
        return MenuRows.Named(menu, rows, name, note)
            ?? throw new ExtractException(
                ExitCode.NotFound,
                $"{menu.Config}: no entry \"{GuestText.Display(name)}\" among {rows.Count}; pygrub-rbd -l lists them (numbers count from 0)");
    }
}
