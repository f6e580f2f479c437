namespace BlockRbd.BootExtract.Menu;

/// <summary>A line that is typed, with the keys of GRUB's own (grub-core/normal/cmdline.c): arrows, Ctrl-A, -E, -B, -F, -D, -K, -U, -Y.</summary>
/// <param name="screen">Tells which characters belong together.</param>
/// <param name="text">What it begins with; the cursor stands behind it.</param>
/// <param name="maxCharacters">It takes no more.</param>
internal sealed class LineEditor(ScreenText screen, string text, int maxCharacters)
{
    private string _killed = "";

    /// <summary>The line.</summary>
    public string Text { get; private set; } = text;

    /// <summary>The cursor: characters before it.</summary>
    public int Cursor { get; private set; } = text.Length;

    /// <summary>Sets both.</summary>
    public void Set(string text, int cursor)
    {
        Text = text;
        Cursor = Math.Clamp(cursor, 0, text.Length);
    }

    /// <summary>Does what a key says.</summary>
    /// <returns>False for a key that isn't the line's.</returns>
    public bool Press(Key key)
    {
        switch (key)
        {
            case { IsText: true }:
                Insert(key.Character.ToString());
                return true;
            case { Kind: KeyKind.Left }:
            case var _ when key.IsControl('B'):
                Cursor = Before();
                return true;
            case { Kind: KeyKind.Right }:
            case var _ when key.IsControl('F'):
                Cursor = After();
                return true;
            case { Kind: KeyKind.Home }:
            case var _ when key.IsControl('A'):
                Cursor = 0;
                return true;
            case { Kind: KeyKind.End }:
            case var _ when key.IsControl('E'):
                Cursor = Text.Length;
                return true;
            case { Kind: KeyKind.Backspace } when Cursor > 0:
                Remove(Before(), Cursor);
                return true;
            case { Kind: KeyKind.Delete } when Cursor < Text.Length:
            case var _ when key.IsControl('D') && Cursor < Text.Length:
                Remove(Cursor, After());
                return true;
            default:
                return PressKill(key);
        }
    }

    /// <summary>Draws the line into one row behind a prompt, moved so that the cursor is on the screen.</summary>
    /// <param name="frame">The screen.</param>
    /// <param name="row">The row.</param>
    /// <param name="prompt">What stands before it.</param>
    public void Draw(Frame frame, int row, string prompt)
    {
        int columns = Math.Max(4, frame.Columns - prompt.Length);
        int first = FirstShown(columns);
        int before = screen.Cells(Text[first..Cursor]).Sum(cell => cell.Width);
        frame.Set(row, prompt + screen.Fit(Text[first..], columns));
        frame.Cursor = (row, prompt.Length + before);
    }

    /// <summary>The first character that is drawn. It jumps by half a screen, so that typing at the end doesn't move all of it each time.</summary>
    private int FirstShown(int columns)
    {
        int first = 0;
        int width = 0;
        int at = 0;
        foreach (Cell cell in screen.Cells(Text[..Cursor]))
        {
            at += cell.Length;
            width += cell.Width;
            if (width >= columns)
            {
                first = Advance(first, at, columns / 2);
                width = screen.Cells(Text[first..at]).Sum(shown => shown.Width);
            }
        }

        return first;
    }

    private int Advance(int first, int limit, int columns)
    {
        foreach (Cell cell in screen.Cells(Text[first..limit]))
        {
            if (columns <= 0)
            {
                break;
            }

            columns -= cell.Width;
            first += cell.Length;
        }

        return first;
    }

    private bool PressKill(Key key)
    {
        if (key.IsControl('K'))
        {
            _killed = Text[Cursor..];
            Text = Text[..Cursor];
        }
        else if (key.IsControl('U'))
        {
            _killed = Text[..Cursor];
            Remove(0, Cursor);
        }
        else if (key.IsControl('Y'))
        {
            Insert(_killed);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void Insert(string inserted)
    {
        if (Text.Length + inserted.Length <= maxCharacters)
        {
            Text = Text.Insert(Cursor, inserted);
            Cursor += inserted.Length;
        }
    }

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }

    private int Before()
    {
        int at = 0;
        foreach (Cell cell in screen.Cells(Text))
        {
            if (at + cell.Length >= Cursor)
            {
                return at;
            }

            at += cell.Length;
        }

        return at;
    }

    private int After() => Cursor < Text.Length ? Cursor + screen.Cells(Text[Cursor..])[0].Length : Cursor;
}
