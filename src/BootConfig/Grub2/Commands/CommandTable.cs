namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Every command by its name. A name that isn't in it may be a function of the script's (in GRUB a command wins over a
/// function), so only names that a GRUB for PCs, EFI or Xen has are here.
/// </summary>
internal static class CommandTable
{
    private static readonly Dictionary<string, GrubCommand> All = Collect(
        CoreCommands.Table, FlowCommands.Table, TestCommand.Table, MenuCommands.Table, ConfigCommands.Table, EnvBlockCommands.Table,
        SearchCommands.Table, RegexpCommand.Table, TrCommand.Table, ProbeCommand.Table, FileCommands.Table, LoopbackCommand.Table, MachineCommands.Table, LoaderCommands.Table,
        XenCommands.Table, BlsCommand.Table, PasswordCommands.Table, QuietCommands.Table, UnsupportedCommands.Table);

    public static GrubCommand? Find(string name) => All.TryGetValue(name, out GrubCommand? command) ? command : null;

    /// <summary>Commands with GRUB_COMMAND_FLAG_EXTRACTOR.</summary>
    public static bool IsAllowedInExtractor(string name) => name is "set" or "test" or "[" or "menuentry" or "submenu" or "search";

    // Not a FrozenDictionary: it takes longer to make than all look-ups of a run together.
    private static Dictionary<string, GrubCommand> Collect(params IReadOnlyList<KeyValuePair<string, GrubCommand>>[] tables) =>
        new(tables.SelectMany(table => table));
}
