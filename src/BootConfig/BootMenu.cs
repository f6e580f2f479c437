namespace BlockRbd.BootConfig;

/// <summary>A boot menu as the guest's loader would show it, and what it would boot by itself.</summary>
public sealed record BootMenu
{
    /// <summary>The configuration's format, for people: "GRUB 2", "GRUB legacy", "Boot Loader Specification".</summary>
    public required string Format { get; init; }

    /// <summary>Whether GRUB 2 reads it, whatever its format: then GRUB puts the words of a command line together.</summary>
    public bool IsGrubs { get; init; }

    /// <summary>The configuration it came from.</summary>
    public required BootFile Config { get; init; }

    /// <summary>The entries, in order.</summary>
    public required IReadOnlyList<BootEntry> Entries { get; init; }

    /// <summary>The entry that boots by itself: never a submenu. Null only for an empty menu.</summary>
    public required BootEntry? Default { get; init; }

    /// <summary>Why that one, for people: "saved_entry of /boot/grub/grubenv is \"…\"", "default is not set: the first entry".</summary>
    public required string DefaultReason { get; init; }

    /// <summary>Entries that the loader tries in turn when the default fails.</summary>
    public IReadOnlyList<BootEntry> Fallbacks { get; init; } = [];

    /// <summary>Seconds before the default boots; null where the menu waits for ever.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>GRUB's timeout_style: "menu", "countdown", "hidden".</summary>
    public string TimeoutStyle { get; init; } = "menu";

    /// <summary>The password that the menu asks for before entries may be edited: the argument of GRUB legacy's <c>password</c>, as written; else null.</summary>
    public string? Password { get; init; }

    /// <summary>Who may edit and choose; null where everybody may.</summary>
    public MenuProtection? Protection { get; init; }

    /// <summary>Whether the loader lets anybody edit entries at all.</summary>
    public bool AllowsEditing { get; init; } = true;

    /// <summary>Begins a session at the loader's own command line; null where it has none.</summary>
    public Func<ILoaderPrompt>? OpenPrompt { get; init; }

    /// <summary>What the loader would have complained about on its screen and gone on, with file:line:column.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// The entry that its argument names as GRUB's <c>default</c> would: an index, an id, a title, or a path
    /// of those ("1>0", "Advanced options>linux-6.1"). A selector that ends at a submenu means its default or first entry. Null where nothing has that name.
    /// </summary>
    public required Func<string, BootEntry?> Select { get; init; }
}
