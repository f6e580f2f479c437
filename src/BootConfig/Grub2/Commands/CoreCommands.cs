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
}
