namespace BlockRbd.BootExtract.Menu;

/// <summary>Keys that have no character.</summary>
internal enum KeyKind
{
    Character,
    Enter,
    Escape,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Backspace,
    Delete,
    Tab,

    /// <summary>A sequence that stands for nothing here.</summary>
    Unknown,
}

/// <summary>A key.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Character">The byte that was typed, control characters among them; NUL where the key has none.</param>
internal readonly record struct Key(KeyKind Kind, char Character = '\0')
{
    /// <summary>A control character of an ASCII letter: Ctrl-A is 1.</summary>
    public bool IsControl(char letter) => Kind == KeyKind.Character && Character == letter - '@';

    /// <summary>Whether it is text.</summary>
    public bool IsText => Kind == KeyKind.Character && Character >= ' ' && Character != '\x7f';
}
