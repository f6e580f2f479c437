namespace BlockRbd.Mapper.People;

/// <summary>Rows for a terminal: each column as wide as its widest cell, two blanks between, nothing behind the last.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    /// <summary>Adds a row; an empty cell shows as "-".</summary>
    public void Add(params string[] cells) =>
        _rows.Add([.. cells.Select(static c => c.Length == 0 ? "-" : string.Concat(c.Select(static letter => char.IsControl(letter) ? '?' : letter)))]);

    /// <summary>Writes it, or nothing where it has no rows.</summary>
    public void Write(TextWriter output)
    {
        if (_rows.Count == 1)
        {
            return;
        }

        int[] widths = [.. Enumerable.Range(0, headings.Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            output.WriteLine(string.Concat(row.Select((cell, column) => cell.PadRight(widths[column] + 2))).TrimEnd());
        }
    }
}
