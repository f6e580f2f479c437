namespace BlockRbd.BootConfig.Grub2;

/// <summary>What <c>menuentry</c> or <c>submenu</c> leaves: its body is run when it is chosen.</summary>
internal sealed record EntryDefinition
{
    public required string Title { get; init; }

    public required string Id { get; init; }

    /// <summary>$1 and on while the body runs; the title first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The body.</summary>
    public required ScriptSource Body { get; init; }

    public required bool IsSubmenu { get; init; }

    /// <summary>--hotkey; NUL where there is none.</summary>
    public char Hotkey { get; init; }

    /// <summary>--users; null where everybody may choose it (--unrestricted).</summary>
    public required string? Users { get; init; }

    /// <summary>Where the command stands that made it.</summary>
    public required ScriptPosition Position { get; init; }
}

/// <summary>The entries of one context.</summary>
internal sealed class GrubMenu
{
    public List<EntryDefinition> Entries { get; } = [];
}
