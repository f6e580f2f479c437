namespace BlockRbd.BootExtract.Menu;

/// <summary>An entry's commands in an editor with the keys of GRUB's (grub-core/normal/menu_entry.c).</summary>
internal sealed class EntryEditor : View
{
    private const int Top = 2;
    private const int OtherRows = 8;

    private readonly MenuItem _item;
    private readonly List<string> _lines;
    private readonly LineEditor _line;
    private int _row;
    private int _first;
    private int _page = 1;

    /// <param name="screen">The screen.</param>
    /// <param name="item">The entry.</param>
    /// <param name="commands">Its commands.</param>
    public EntryEditor(MenuScreen screen, MenuItem item, string commands)
        : base(screen)
    {
        _item = item;
        _lines = [.. commands.Split('\n').Select(line => line.Replace('\t', ' ')).Take(MenuLimits.MaxEditedLines)];
        _line = new LineEditor(screen.Text, "", MenuLimits.MaxEditedCharacters);
        _line.Set(_lines[0], 0);
    }

    /// <inheritdoc/>
    public override void Press(Key key)
    {
        switch (key)
        {
            case { Kind: KeyKind.Escape }:
                Screen.Back();
                return;
            case var _ when key.IsControl('X'):
                Screen.Boot(_item, string.Join('\n', _lines));
                return;
            case { Kind: KeyKind.Enter }:
                Split();
                return;
            case { Kind: KeyKind.Up }:
            case var _ when key.IsControl('P'):
                MoveTo(_row - 1, _line.Cursor);
                return;
            case { Kind: KeyKind.Down }:
            case var _ when key.IsControl('N'):
                MoveTo(_row + 1, _line.Cursor);
                return;
            case { Kind: KeyKind.PageUp }:
                MoveTo(_row - _page, _line.Cursor);
                return;
            case { Kind: KeyKind.PageDown }:
                MoveTo(_row + _page, _line.Cursor);
                return;
            case { Kind: KeyKind.Backspace } when _line.Cursor == 0:
                Join(_row - 1);
                return;
            case { Kind: KeyKind.Delete } when _line.Cursor == _line.Text.Length:
            case var _ when key.IsControl('D') && _line.Cursor == _line.Text.Length:
                Join(_row);
                return;
            case { Kind: KeyKind.Left } when _line.Cursor == 0 && _row > 0:
                MoveTo(_row - 1, int.MaxValue);
                return;
            case { Kind: KeyKind.Right } when _line.Cursor == _line.Text.Length && _row + 1 < _lines.Count:
                MoveTo(_row + 1, 0);
                return;
            default:
                if (_lines.Sum(line => line.Length) < MenuLimits.MaxEditedCharacters || !key.IsText)
                {
                    _line.Press(key);
                    _lines[_row] = _line.Text;
                }

                return;
        }
    }

    /// <inheritdoc/>
    public override void Draw(Frame frame)
    {
        frame.Set(0, " " + Screen.Text.Fit(_item.Title, frame.Columns - 1));
        _page = Math.Max(1, frame.Rows - OtherRows);
        _first = Math.Clamp(_first, Math.Max(0, _row - _page + 1), _row);

        // The line with the cursor is drawn by its own editor, which moves a long one; a frame of the box's width tells how.
        Frame inner = new(_page, BoxColumns(frame) + 1);
        List<FrameLine> lines = [];
        for (int i = _first; i < _first + _page; i++)
        {
            if (i == _row)
            {
                _line.Draw(inner, i - _first, "");
            }

            string text = i == _row ? inner.Lines[i - _first].Before : i < _lines.Count ? Screen.Text.Fit(_lines[i], BoxColumns(frame)) : "";
            lines.Add(new FrameLine(text + new string(' ', Math.Max(0, BoxColumns(frame) - ScreenText.Width(text)))));
        }

        DrawBox(frame, Top, lines);
        frame.Set(Top + _page + 3, " Ctrl-X boots this; Esc throws it away and goes back.");
        frame.Set(Top + _page + 4, " Nothing is written to the guest. Ctrl-A, -E, -K, -U, -Y as in a shell.");
        frame.Cursor = (Top + 1 + inner.Cursor.Row, 3 + inner.Cursor.Column);
    }

    private void MoveTo(int row, int cursor)
    {
        _row = Math.Clamp(row, 0, _lines.Count - 1);
        _line.Set(_lines[_row], cursor);
    }

    private void Split()
    {
        if (_lines.Count < MenuLimits.MaxEditedLines)
        {
            _lines[_row] = _line.Text[.._line.Cursor];
            _lines.Insert(_row + 1, _line.Text[_line.Cursor..]);
            MoveTo(_row + 1, 0);
        }
    }

    /// <summary>A line and the one below it become one.</summary>
    private void Join(int row)
    {
        if (row >= 0 && row + 1 < _lines.Count)
        {
            int cursor = _lines[row].Length;
            _lines[row] += _lines[row + 1];
            _lines.RemoveAt(row + 1);
            MoveTo(row, cursor);
        }
    }
}
