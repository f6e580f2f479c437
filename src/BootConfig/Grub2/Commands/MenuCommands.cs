using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>menuentry</c> and <c>submenu</c> (grub-core/commands/menuentry.c).</summary>
internal static class MenuCommands
{
    private static readonly CommandOption Users = new("users", '\u0002', TakesValue: true);

    private static readonly CommandSyntax Gnu = Syntax(Users);
    private static readonly CommandSyntax RedHat = Syntax(Users with { ValueIsOptional = true });

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("menuentry", Define),
        new("submenu", Define),
    ];

    // The letters are what GRUB gives them: control characters, so that nobody can type them.
    private static CommandSyntax Syntax(CommandOption users) => new(
        [
            new("class", '\u0001', TakesValue: true), users, new("hotkey", '\u0003', TakesValue: true),
            new("source", '\u0004', TakesValue: true), new("id", TakesValue: true), new("unrestricted"),
        ],
        AcceptsDash: true);

    private static GrubError Define(GrubMachine machine, CommandCall call)
    {
        CommandSyntax syntax = machine.Options.RedHat.HasFlag(RedHatDeviations.EmptyUsers) ? RedHat : Gnu;
        if (OptionParser.Parse(machine, call, syntax) is not { } options)
        {
            return machine.Error;
        }

        if (options.Arguments.Count == 0)
        {
            return machine.Fail(GrubError.BadArgument, "missing arguments", call);
        }

        string? source = options.Value("source");
        if (source is not null && call.Block is not null)
        {
            return machine.Fail(GrubError.BadArgument, "multiple menuentry definitions", call);
        }

        if (source is null && call.Block is null)
        {
            return machine.Fail(GrubError.BadArgument, "no menuentry definition", call);
        }

        // The block's text is the last argument, unless an option has swallowed it: GRUB takes the last one for it all the same.
        List<string> arguments = source is null ? options.Arguments[..^1] : options.Arguments;
        if (arguments.Count == 0)
        {
            return machine.Fail(GrubError.Menu, "menuentry is missing title", call);
        }

        machine.AddEntry(new EntryDefinition
        {
            Title = arguments[0],
            Id = options.Value("id") ?? arguments[0],
            Arguments = arguments,
            Body = source is null
                ? call.Block!.After(SetParameters(arguments), call.Position)
                : ScriptSource.Made(source, call.Position),
            IsSubmenu = call.Name == "submenu",
            Hotkey = Hotkeys.Find(options.Value("hotkey")),
            Users = options.Has("users") ? options.Value("users") ?? "" : options.Has("unrestricted") ? null : "",
            Position = call.Position,
        });
        return GrubError.None;
    }

    /// <summary>The line that GRUB puts before the body, so that its parameters are these whoever runs it.</summary>
    private static string SetParameters(IReadOnlyList<string> arguments)
    {
        StringBuilder line = new("setparams");
        foreach (string argument in arguments)
        {
            line.Append(" '").Append(argument.Replace("'", @"'\''", StringComparison.Ordinal)).Append('\'');
        }

        return line.ToString();
    }
}
