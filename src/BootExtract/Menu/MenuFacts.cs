using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Menu;

/// <summary>A menu as it is first shown.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="Items">Its entries.</param>
/// <param name="DefaultIndex">The index of the entry that boots by itself, "1>0"; empty where there is none.</param>
/// <param name="TimeoutSeconds">Seconds until that happens; null where the menu waits for ever.</param>
/// <param name="Style">"menu", "countdown" or "hidden".</param>
/// <param name="EscapeOnly">Whether only Esc brings up a menu that isn't shown, as in GRUB; else any key.</param>
/// <param name="AllowsEditing">Whether the loader lets anybody edit.</param>
/// <param name="HasPrompt">Whether the loader has a command line.</param>
/// <param name="Protection">Who may edit and choose; null where everybody may.</param>
internal sealed record MenuFacts(
    string Heading,
    IReadOnlyList<MenuItem> Items,
    string DefaultIndex,
    int? TimeoutSeconds,
    string Style,
    bool EscapeOnly,
    bool AllowsEditing,
    bool HasPrompt,
    MenuProtection? Protection);

/// <summary>A line of a menu.</summary>
/// <param name="Entry">Its number for <see cref="IMenuGuest"/>.</param>
/// <param name="Index">Its place, "1>0".</param>
/// <param name="Title">Its title.</param>
/// <param name="IsSubmenu">Whether it opens a menu.</param>
/// <param name="Hotkey">The key that chooses it at once; NUL where it has none.</param>
/// <param name="Users">Who may choose it in a protected menu; null for everybody.</param>
internal sealed record MenuItem(int Entry, string Index, string Title, bool IsSubmenu, char Hotkey, string? Users);

/// <summary>What came of a line at the loader's command line.</summary>
/// <param name="Text">What is printed.</param>
/// <param name="Boots">The entry that is booted now, or null.</param>
/// <param name="Items">The menu that is shown now, or null.</param>
internal sealed record PromptReply(string Text, MenuItem? Boots, IReadOnlyList<MenuItem>? Items);
