namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>tr [--set VAR] [--upcase|--downcase] [SET1 SET2] [STRING]</c> (grub-core/commands/tr.c).</summary>
internal static class TrCommand
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly CommandSyntax Syntax = new([new("set", 's', TakesValue: true), new("upcase", 'U'), new("downcase", 'D')]);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table = [new("tr", Run)];

    private static GrubError Run(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        string? variable = options.Value("set");
        string? input = variable is null ? null : machine.Environment.Get(variable);
        (string? from, string? to) = options.Has("downcase") ? (Upper, Lower) : options.Has("upcase") ? (Lower, Upper) : ((string?)null, (string?)null);
        switch (options.Arguments)
        {
            case []:
                break;
            case [string text]:
                input = text;
                break;
            case [string first, string second]:
                (from, to) = (first, second);
                break;
            case [string first, string second, string text]:
                (from, to, input) = (first, second, text);
                break;
            default:
                return machine.Fail(GrubError.BadArgument, "too many parameters", call);
        }

        if (from is null || to is null || input is null)
        {
            return machine.Fail(GrubError.BadArgument, "missing parameters", call);
        }

        if (from.Length != to.Length)
        {
            return machine.Fail(GrubError.BadArgument, "set sizes did not match", call);
        }

        string output = string.Concat(input.Select(c => from.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? to[at] : c));
        if (variable is null)
        {
            machine.Print(output + "\n", call.Position);
        }
        else
        {
            machine.SetVariable(variable, output, call.Position);
        }

        return GrubError.None;
    }
}
