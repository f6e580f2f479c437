using System.Globalization;

namespace BlockRbd.BootConfig;

/// <summary>Names an administrator may give an entry of a menu whose own loader knows no paths.</summary>
internal static class EntryNames
{
    /// <summary>The entry of a number, an id, a title, or a path of those: "1>0".</summary>
    /// <param name="entries">The top of the menu.</param>
    /// <param name="selector">The name.</param>
    /// <param name="defaultOf">A submenu's own default; null where it has none.</param>
    /// <returns>Null where nothing has that name.</returns>
    public static BootEntry? Select(IReadOnlyList<BootEntry> entries, string selector, Func<BootEntry, BootEntry?> defaultOf)
    {
        IReadOnlyList<BootEntry> at = entries;
        string rest = selector;
        while (true)
        {
            // A title may itself hold a ">": the whole rest is tried before its first part.
            if (Named(at, rest) is { } entry)
            {
                return entry.IsSubmenu ? defaultOf(entry) : entry;
            }

            int arrow = rest.IndexOf('>', StringComparison.Ordinal);
            if (arrow < 0 || Named(at, rest[..arrow]) is not { IsSubmenu: true } submenu)
            {
                return null;
            }

            at = submenu.Children;
            rest = rest[(arrow + 1)..];
        }
    }

    private static BootEntry? Named(IReadOnlyList<BootEntry> entries, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < entries.Count
            ? entries[number]
            : entries.FirstOrDefault(entry => entry.Id == name && name.Length > 0) ?? entries.FirstOrDefault(entry => entry.Title == name);
}
