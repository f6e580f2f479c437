namespace BlockRbd.BootExtract.Menu;

/// <summary>A line of the screen: ordinary, then in reverse video, then ordinary. All of it is harmless already, and no wider than the screen.</summary>
internal readonly record struct FrameLine(string Before, string Reversed = "", string After = "");

/// <summary>A screen as it should look. Its last column stays empty: a terminal that wraps there would move everything.</summary>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
internal sealed class Frame(int rows, int columns)
{
    private readonly FrameLine[] _lines = [.. Enumerable.Repeat(new FrameLine(""), rows)];

    /// <summary>Rows.</summary>
    public int Rows => rows;

    /// <summary>Columns that may be drawn on.</summary>
    public int Columns => columns - 1;

    /// <summary>The lines.</summary>
    public IReadOnlyList<FrameLine> Lines => _lines;

    /// <summary>Where the cursor stands, from 0.</summary>
    public (int Row, int Column) Cursor { get; set; }

    /// <summary>Sets a line; one below the screen is left out.</summary>
    public void Set(int row, FrameLine line)
    {
        if (row >= 0 && row < rows)
        {
            _lines[row] = line;
        }
    }

    /// <summary>Sets a line of text. Our own words, which are ASCII, may be longer than the screen is wide.</summary>
    public void Set(int row, string text) =>
        Set(row, new FrameLine(text.Length > Columns && System.Text.Ascii.IsValid(text) ? text[..Columns] : text));
}
