using System.Globalization;
using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>Variables, echo and eval.</summary>
internal static class CoreCommands
{
    private static readonly CommandSyntax EchoSyntax = new([new("", 'n'), new("", 'e')], AcceptsDash: true, OptionsAtStart: true);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("set", Set),
        new("unset", Unset),
        new("export", Export),
        new("echo", Echo),
        new("eval", Eval),
        new("increment", static (machine, call) => Count(machine, call, 1)),
        new("decrement", static (machine, call) => Count(machine, call, -1)),
        new("true", static (_, _) => GrubError.None),
        new("false", static (machine, call) => machine.Fail(GrubError.TestFailure, "false", call)),
    ];

    private static GrubError Set(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments.Count == 0)
        {
            foreach ((string name, string value) in machine.Environment.Sorted())
            {
                machine.Print($"{name}='{value}'\n", call.Position);
            }

            return GrubError.None;
        }

        string word = call.Arguments[0];
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return machine.Fail(GrubError.BadArgument, "not an assignment", call);
        }

        machine.SetVariable(word[..equals], word[(equals + 1)..], call.Position);
        return GrubError.None;
    }

    private static GrubError Unset(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments.Count == 0)
        {
            return machine.Fail(GrubError.BadArgument, "one argument expected", call);
        }

        machine.Environment.Unset(call.Arguments[0]);
        return GrubError.None;
    }

    private static GrubError Export(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments.Count == 0)
        {
            return machine.Fail(GrubError.BadArgument, "one argument expected", call);
        }

        foreach (string name in call.Arguments)
        {
            machine.Environment.Export(name);
        }

        return GrubError.None;
    }

    private static GrubError Echo(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, EchoSyntax) is not { } options)
        {
            return machine.Error;
        }

        bool newline = !options.Has("n");
        List<string> words = options.Arguments;
        for (int i = 0; i < words.Count && options.Has("e"); i++)
        {
            words[i] = Unescape(words[i], ref newline);
        }

        string text = string.Join(' ', words);
        machine.Print(newline ? text + "\n" : text, call.Position);
        return GrubError.None;
    }

    private static string Unescape(string text, ref bool newline)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            if (++i == text.Length)
            {
                break;
            }

            newline &= text[i] != 'c';
            int known = "\\afnrtv".IndexOf(text[i], StringComparison.Ordinal);
            plain.Append(known < 0 ? "" : "\\\a\f\n\r\t\v"[known..(known + 1)]);
        }

        return plain.ToString();
    }

    private static GrubError Eval(GrubMachine machine, CommandCall call) => call.Arguments.Count == 0
        ? GrubError.None
        : machine.RunText(ScriptSource.Made(string.Join(' ', call.Arguments), call.Position));

    /// <summary>Red Hat's module "increment" (rhboot/grub2, grub-core/commands/increment.c): Fedora and its kin count attempts to boot with it, and take another entry at 0.</summary>
    private static GrubError Count(GrubMachine machine, CommandCall call, int step)
    {
        if (call.Arguments is not [string name])
        {
            return machine.Fail(GrubError.BadArgument, call.Arguments.Count == 0 ? "no variable specified" : "too many arguments", call);
        }

        if (machine.Environment.Get(name) is not { } old)
        {
            return machine.Fail(GrubError.FileNotFound, $"No such variable \"{GuestText.Display(name)}\"", call);
        }

        long value = GrubNumbers.ParseSigned(old, out GrubError error);
        if (error != GrubError.None)
        {
            return machine.Fail(error, FlowCommands.Complaint(error), call);
        }

        machine.SetVariable(name, unchecked(value + step).ToString(CultureInfo.InvariantCulture), call.Position);
        return GrubError.None;
    }
}
