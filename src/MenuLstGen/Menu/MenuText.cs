using System.Globalization;
using System.Text;
using BlockRbd.BootConfig;

namespace BlockRbd.MenuLstGen.Menu;

/// <summary>A guest's texts as they can stand in a menu.lst: one line each, and no line after it is touched.</summary>
internal static class MenuText
{
    /// <summary>Characters of a title. GRUB legacy keeps titles in a buffer of a few KiB for all of them, and no screen shows more.</summary>
    private const int MaxTitle = 200;

    /// <summary>
    /// A title: control characters and stray bytes as \xHH, no blanks around it, nothing that GRUB legacy would take for the separator before it ("="),
    /// no backslash at the end (it would join the next line).
    /// </summary>
    /// <returns>One character for each byte of UTF-8; may be empty.</returns>
    public static string Title(string title)
    {
        StringBuilder text = new(GuestText.Display(title).Trim(' '));
        if (text.Length > 0 && text[0] == '=')
        {
            text.Remove(0, 1).Insert(0, "\\x3d");
        }

        if (text.Length > MaxTitle)
        {
            text.Length = char.IsHighSurrogate(text[MaxTitle - 1]) ? MaxTitle - 1 : MaxTitle;
            text.Append("...");
        }

        if (text.Length > 0 && text[^1] == '\\')
        {
            text.Length--;
            text.Append("\\x5c");
        }

        return GuestText.FromBytes(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Titles that tell the rows apart: a row's own where no other has it, else with its submenus' before it, else with a number behind.</summary>
    public static IReadOnlyList<string> Titles(IReadOnlyList<MenuRow> rows)
    {
        string[] titles = [.. rows.Select(row => Title(row.Entry.Title) is { Length: > 0 } title ? title : "(no title)")];
        Dictionary<string, int> counts = Count(titles);
        for (int i = 0; i < titles.Length; i++)
        {
            if (counts[titles[i]] > 1 && rows[i].Parents.Count > 0)
            {
                titles[i] = Title(string.Join(" > ", rows[i].Parents.Append(rows[i].Entry.Title)));
            }
        }

        HashSet<string> taken = [];
        for (int i = 0; i < titles.Length; i++)
        {
            string title = titles[i];
            for (int number = 2; !taken.Add(titles[i]); number++)
            {
                titles[i] = string.Create(CultureInfo.InvariantCulture, $"{title} ({number})");
            }
        }

        return titles;
    }

    /// <summary>Why a path can't be a word of a menu.lst; null where it can.</summary>
    /// <param name="path">The path.</param>
    /// <param name="hasDevice">Whether a device stands before it.</param>
    public static string? PathProblem(string path, bool hasDevice) => path switch
    {
        not ['/', ..] => "does not begin with a slash",
        _ when path.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || path.Contains('\x7F', StringComparison.Ordinal) => "has a blank or a control character in it",
        [.., '\\'] => "ends with a backslash",
        _ when hasDevice && path.AsSpan().IndexOfAny('\'', '\\') >= 0 => "has a quote or a backslash in it, behind a device",
        _ => null,
    };

    private static Dictionary<string, int> Count(IEnumerable<string> titles) =>
        titles.GroupBy(title => title).ToDictionary(group => group.Key, group => group.Count());
}
