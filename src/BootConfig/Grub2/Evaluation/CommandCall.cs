namespace BlockRbd.BootConfig.Grub2;

/// <summary>A command that is being run.</summary>
/// <param name="Name">The name it was called by.</param>
/// <param name="Arguments">Its words behind the name, expanded; a block is the last of them, as text.</param>
/// <param name="Block">The block at its end.</param>
/// <param name="Position">Where it stands.</param>
internal sealed record CommandCall(string Name, List<string> Arguments, ScriptSource? Block, ScriptPosition Position);

/// <summary>A GRUB command.</summary>
internal delegate GrubError GrubCommand(GrubMachine machine, CommandCall call);
