using System.Globalization;
using System.Text;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Menu;

/// <summary>A piece of a text that is drawn, and passed over by the cursor, as one.</summary>
/// <param name="Length">Characters of the text (a guest's: bytes).</param>
/// <param name="Shown">What is drawn: printable, and nothing that a terminal acts on.</param>
/// <param name="Width">Columns that it takes.</param>
internal readonly record struct Cell(int Length, string Shown, int Width);

/// <summary>Makes a guest's text harmless for a terminal.</summary>
/// <remarks>
/// Printable ASCII is drawn as it is. Other characters only on a terminal that says it takes UTF-8, since half of them hold a byte
/// that an 8-bit terminal would take for a control character. All else is \xHH, a byte each: control characters, what has no width or turns
/// the direction of what follows, and bytes that are no UTF-8.
/// </remarks>
/// <param name="utf8">Whether the terminal takes UTF-8.</param>
internal sealed class ScreenText(bool utf8)
{
    /// <summary>Characters two columns wide: the blocks of Unicode's EastAsianWidth.txt that are W or F throughout, and emoji.</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60),
        (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The pieces of a text.</summary>
    public List<Cell> Cells(string text)
    {
        List<Cell> cells = new(text.Length);
        for (int i = 0; i < text.Length; i += cells[^1].Length)
        {
            cells.Add(text[i] is >= ' ' and <= '~' ? new Cell(1, text[i].ToString(), 1) : Other(text, i));
        }

        return cells;
    }

    /// <summary>As much of a text as fits into so many columns.</summary>
    public string Fit(string text, int columns)
    {
        StringBuilder shown = new();
        int width = 0;
        foreach (Cell cell in Cells(text.Length > columns * 4 ? text[..(columns * 4)] : text))
        {
            if (width + cell.Width > columns)
            {
                return shown.ToString();
            }

            shown.Append(cell.Shown);
            width += cell.Width;
        }

        return shown.ToString();
    }

    /// <summary>The same, filled up with spaces.</summary>
    public string Pad(string text, int columns)
    {
        string fitted = Fit(text, columns);
        return fitted + new string(' ', Math.Max(0, columns - Width(fitted)));
    }

    /// <summary>Columns of a text that is harmless already.</summary>
    public static int Width(string shown) => shown.EnumerateRunes().Sum(Width);

    /// <summary>A text cut into lines of so many columns, at newlines and wherever a line is full.</summary>
    public List<string> Wrap(string text, int columns)
    {
        List<string> lines = [];
        foreach (string line in text.Split('\n'))
        {
            StringBuilder shown = new();
            int width = 0;
            foreach (Cell cell in Cells(line))
            {
                if (width + cell.Width > columns && width > 0)
                {
                    lines.Add(shown.ToString());
                    shown.Clear();
                    width = 0;
                }

                shown.Append(cell.Shown);
                width += cell.Width;
            }

            lines.Add(shown.ToString());
        }

        return lines;
    }

    private Cell Other(string text, int at)
    {
        if (utf8 && text[at] is >= '\x80' and <= '\xFF')
        {
            byte[] bytes = GuestText.ToBytes(text.Substring(at, Math.Min(4, text.Length - at)));
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == System.Buffers.OperationStatus.Done && IsDrawn(rune))
            {
                return new Cell(used, rune.ToString(), Width(rune));
            }
        }

        return new Cell(1, string.Create(CultureInfo.InvariantCulture, $"\\x{(int)text[at]:x2}"), 4);
    }

    private static bool IsDrawn(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
        or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation
        or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherSymbol;

    private static int Width(Rune rune) => Wide.Any(block => rune.Value >= block.First && rune.Value <= block.Last) ? 2 : 1;
}
