namespace BlockRbd.BootConfig.Grub2;

/// <summary>Values of <c>--hotkey</c> (hotkey_aliases of grub-core/commands/menuentry.c) that a terminal's key is one character for.</summary>
internal static class Hotkeys
{
    /// <summary>The character; NUL where it is none, or a key that a serial line has no one way to say.</summary>
    public static char Find(string? name) => name switch
    {
        [char key] => key,
        "backspace" => '\b',
        "tab" => '\t',
        _ => '\0',
    };
}
