namespace BlockRbd.BootConfig.Grub2;

/// <summary>Ceilings for the evaluation of a guest's GRUB script. Each is far above what a real configuration needs.</summary>
public sealed record Grub2Limits
{
    /// <summary>Bytes of one script file or environment block.</summary>
    public int ScriptBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Work of one run (the configuration, or one entry): commands, loop turns, lines read, and one more for every
    /// 32 characters that words grow to or are parsed. A script that never ends stops here.
    /// </summary>
    public int Steps { get; init; } = 1_000_000;

    /// <summary>Commands inside commands while running. GRUB 2.14's own limit, whose message is the same; older ones crash instead.</summary>
    public int Nesting { get; init; } = 64;

    /// <summary>Blocks and conditions inside each other in the source text. GRUB's bison parser has its own limit far above this.</summary>
    public int ParserNesting { get; init; } = 200;

    /// <summary>Characters in all variables of a context together.</summary>
    public int VariableCharacters { get; init; } = 1 << 20;

    /// <summary>Characters in the words of one command.</summary>
    public int WordCharacters { get; init; } = 1 << 20;

    /// <summary>Menu entries of one menu.</summary>
    public int Entries { get; init; } = 4096;

    /// <summary>Devices that <c>loopback</c> has made.</summary>
    public int LoopDevices { get; init; } = 64;

    /// <summary>Such devices inside each other.</summary>
    public int LoopDepth { get; init; } = 8;

    /// <summary>Users with a password.</summary>
    public int Users { get; init; } = 256;

    /// <summary>Menus inside menus while an entry is looked for or planned.</summary>
    public int MenuDepth { get; init; } = 16;

    /// <summary>Characters that a run may print.</summary>
    public int OutputCharacters { get; init; } = 1 << 20;

    /// <summary>Warnings kept; the last one says that there were more.</summary>
    public int Warnings { get; init; } = 100;

    /// <summary>States of a compiled regular expression, and characters it is run over times states.</summary>
    public int RegexpStates { get; init; } = 4096;
}
