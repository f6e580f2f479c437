using System.Text;

namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>One line of a menu.lst as GRUB legacy hands it to its commands.</summary>
/// <param name="Number">The line's number in the file, from 1; of its first part where it goes on.</param>
/// <param name="Command">The command's name: up to a blank or an equals sign.</param>
/// <param name="Argument">All behind the blanks and equals signs that follow; blanks at its end stay, as in GRUB.</param>
internal readonly record struct LegacyLine(int Number, string Command, string Argument)
{
    /// <summary>Cuts a file into lines as get_line_from_config does.</summary>
    /// <remarks>
    /// Carriage returns vanish, tabs become blanks, leading blanks, blank lines and comments are left out, and a
    /// backslash before the line's end joins the next line with a blank, in a comment too. GRUB cuts a line off after 1500
    /// characters; here it is kept whole.
    /// </remarks>
    public static IEnumerable<LegacyLine> Read(string text)
    {
        StringBuilder line = new();
        bool literal = false;
        bool comment = false;
        int number = 1;
        int started = 1;
        foreach (char read in text)
        {
            char c = read == '\t' ? ' ' : read;
            bool ends = c == '\n';
            if (ends)
            {
                number++;
            }
            else if (c == '\r')
            {
                continue;
            }

            if (literal && ends)
            {
                c = ' ';
                ends = false;
                line.Length -= Math.Min(line.Length, 1);
            }

            literal = c == '\\';
            if (ends)
            {
                comment = false;
                if (line.Length > 0)
                {
                    yield return Cut(started, line.ToString());
                    line.Clear();
                }
            }
            else if (!comment && line.Length == 0)
            {
                comment = c == '#';
                started = number;
                if (!comment && c != ' ')
                {
                    line.Append(c);
                }
            }
            else if (!comment)
            {
                line.Append(c);
            }
        }

        if (line.Length > 0)
        {
            yield return Cut(started, line.ToString());
        }
    }

    /// <summary>skip_to(0, …): what follows the first word and the blanks behind it.</summary>
    public static string AfterFirstWord(string text) => text[FirstWord(text).Length..].TrimStart(' ');

    /// <summary>The first word: up to a blank.</summary>
    public static string FirstWord(string text)
    {
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? text : text[..blank];
    }

    /// <summary>
    /// safe_parse_maxint: a decimal number, or 0x and a hexadecimal one; what follows it is left. Null where there is no
    /// digit or the number is larger than an int.
    /// </summary>
    public static int? Number32(ref string text)
    {
        int at = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        int start = at;
        int radix = at == 0 ? 10 : 16;
        long value = 0;
        while (at < text.Length && char.IsAsciiHexDigit(text[at]) && (radix == 16 || char.IsAsciiDigit(text[at])))
        {
            value = (value * radix) + Convert.ToInt32(text.Substring(at, 1), 16);
            if (value > int.MaxValue)
            {
                return null;
            }

            at++;
        }

        if (at == start)
        {
            return null;
        }

        text = text[at..];
        return (int)value;
    }

    private static LegacyLine Cut(int number, string line)
    {
        int nul = line.IndexOf('\0', StringComparison.Ordinal); // It ends a C string.
        line = nul < 0 ? line : line[..nul];
        int end = line.AsSpan().IndexOfAny(' ', '=');
        return end < 0
            ? new LegacyLine(number, line, string.Empty)
            : new LegacyLine(number, line[..end], line[end..].TrimStart(' ', '='));
    }
}
