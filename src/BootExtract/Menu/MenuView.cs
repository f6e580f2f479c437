namespace BlockRbd.BootExtract.Menu;

/// <summary>A menu or submenu.</summary>
internal sealed class MenuView : View
{
    private const int Top = 2;        // heading and an empty row
    private const int OtherRows = 8;  // these two, the box's edges, an empty row, two of help, the last row

    private readonly IReadOnlyList<MenuItem> _items;
    private readonly string _title;
    private int _selected;
    private int _first;
    private int _page = 1;

    /// <param name="screen">The screen.</param>
    /// <param name="title">The submenu's title; empty for the menu itself.</param>
    /// <param name="items">The entries.</param>
    public MenuView(MenuScreen screen, string title, IReadOnlyList<MenuItem> items)
        : base(screen)
    {
        _title = title;
        _items = items;
        _selected = Math.Max(0, items.ToList().FindIndex(IsDefault));
    }

    /// <summary>The entry under the cursor; null in an empty menu.</summary>
    public MenuItem? Selected => _items.Count > 0 ? _items[_selected] : null;

    /// <inheritdoc/>
    public override void Press(Key key)
    {
        switch (key)
        {
            case { Kind: KeyKind.Up }:
            case { Character: 'k' }:
            case var _ when key.IsControl('P'):
                Select(_selected - 1);
                break;
            case { Kind: KeyKind.Down }:
            case { Character: 'j' }:
            case var _ when key.IsControl('N'):
                Select(_selected + 1);
                break;
            case { Kind: KeyKind.PageUp }:
                Select(_selected - _page);
                break;
            case { Kind: KeyKind.PageDown }:
                Select(_selected + _page);
                break;
            case { Kind: KeyKind.Home }:
                Select(0);
                break;
            case { Kind: KeyKind.End }:
                Select(_items.Count - 1);
                break;
            case { Kind: KeyKind.Enter or KeyKind.Right } when Selected is { } item:
                Screen.Start(item);
                break;
            case { Kind: KeyKind.Escape or KeyKind.Left }:
                Screen.Back();
                break;
            default:
                PressLetter(key);
                break;
        }
    }

    /// <summary>The entry of a hotkey, or null.</summary>
    public MenuItem? OfHotkey(Key key) => key.Character == '\0' ? null : _items.FirstOrDefault(item => item.Hotkey == key.Character);

    /// <inheritdoc/>
    public override void Draw(Frame frame)
    {
        frame.Set(0, " " + Screen.Text.Fit(_title.Length == 0 ? Screen.Facts.Heading : _title, frame.Columns - 1));
        _page = Math.Max(1, Math.Min(_items.Count, frame.Rows - OtherRows));
        _first = Math.Clamp(_first, Math.Max(0, _selected - _page + 1), Math.Max(0, _selected));
        List<FrameLine> lines = [];
        for (int i = _first; i < Math.Min(_items.Count, _first + _page); i++)
        {
            lines.Add(Line(_items[i], i == _selected, BoxColumns(frame)));
        }

        DrawBox(frame, Top, lines);
        int below = Top + lines.Count + 3;
        string[] help = Help();
        for (int i = 0; i < help.Length; i++)
        {
            frame.Set(below + i, " " + Screen.Text.Fit(help[i], frame.Columns - 1));
        }

        frame.Cursor = (Top + 1 + _selected - _first, 2);
    }

    private FrameLine Line(MenuItem item, bool isSelected, int columns)
    {
        string mark = IsDefault(item) ? "* " : "  ";
        string text = mark + Screen.Text.Pad(item.Title, columns - 4) + (item.IsSubmenu ? " >" : "  ");
        return isSelected ? new FrameLine("", $" {text} ") : new FrameLine(text);
    }

    private string[] Help() =>
    [
        $"Up and Down (k and j) select, Enter boots{(_title.Length > 0 ? ", Esc goes back" : "")}. *: default. >: submenu.",
        Screen.IsLocked ? "p: give the password. Without it entries can't be edited."
            : !Screen.Facts.AllowsEditing ? "The guest's loader lets nobody edit entries."
            : $"e: edit the entry before booting. a: edit the arguments.{(Screen.Facts.HasPrompt ? " c: command line." : "")}",
    ];

    private void PressLetter(Key key)
    {
        // GRUB's own keys come before the hotkeys of entries (grub-core/normal/menu.c, run_menu).
        switch (key.Character)
        {
            case 'e' when Selected is { } item:
                Screen.Edit(item);
                break;
            case 'a' when Selected is { } item:
                Screen.EditArguments(item);
                break;
            case 'c':
                Screen.OpenPrompt();
                break;
            case 'p' when Screen.Facts.Protection is not null:
                Screen.AskPassword(users: null, then: null);
                break;
            default:
                if (OfHotkey(key) is { } hot)
                {
                    Screen.Start(hot);
                }

                break;
        }
    }

    /// <summary>The default itself, or the submenu that it is in.</summary>
    private bool IsDefault(MenuItem item) =>
        item.Index.Length > 0 && (Screen.Facts.DefaultIndex == item.Index || Screen.Facts.DefaultIndex.StartsWith(item.Index + ">", StringComparison.Ordinal));

    private void Select(int entry) => _selected = Math.Clamp(entry, 0, Math.Max(0, _items.Count - 1));
}
