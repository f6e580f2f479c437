using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>load_env</c>, <c>list_env</c>, <c>save_env</c> and the environment block, grubenv (grub-core/lib/envblk.c).</summary>
internal static class EnvBlockCommands
{
    private const string Signature = "# GRUB Environment Block\n";

    private static readonly CommandSyntax Syntax = new([new("file", 'f', TakesValue: true), new("skip-sig", 's')]);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("load_env", Load),
        new("list_env", List),
        new("save_env", Save),
    ];

    private static GrubError Load(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options || Read(machine, call, options) is not { } block)
        {
            return machine.Error;
        }

        foreach ((string name, string value) in Variables(block))
        {
            machine.Charge(name.Length + value.Length, call.Position);
            if (options.Arguments.Count == 0 || options.Arguments.Contains(name))
            {
                machine.SetVariable(name, value, call.Position);
            }
        }

        return GrubError.None;
    }

    private static GrubError List(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options || Read(machine, call, options) is not { } block)
        {
            return machine.Error;
        }

        foreach ((string name, string value) in Variables(block))
        {
            machine.Print($"{name}={value}\n", call.Position);
        }

        return GrubError.None;
    }

    /// <summary>Nothing is ever written to a guest; what GRUB checks before it writes is checked.</summary>
    private static GrubError Save(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        if (options.Arguments.Count == 0)
        {
            return machine.Fail(GrubError.BadArgument, "no variable is specified", call);
        }

        return Read(machine, call, options) is null ? machine.Error : GrubError.None;
    }

    private static string? Read(GrubMachine machine, CommandCall call, ParsedOptions options)
    {
        string? name = options.Value("file");
        if (name is null)
        {
            if (machine.Environment.Get("prefix") is not { } prefix)
            {
                machine.Fail(GrubError.FileNotFound, "variable `prefix' isn't set", call);
                return null;
            }

            name = $"{prefix}/grubenv";
        }

        string? block = GrubBlockList.IsBlockList(name) ? GrubBlockList.Read(machine, name, call.Position)
            : machine.OpenFile(name, call.Position) is { } file ? machine.ReadFile(file, call.Position)
            : null;
        if (block is null)
        {
            return null;
        }

        if (!block.StartsWith(Signature, StringComparison.Ordinal))
        {
            machine.Fail(GrubError.BadFileType, "invalid environment block", call);
            return null;
        }

        return block;
    }

    /// <summary>NAME=VALUE lines up to the first that doesn't end; # fills what is free. A backslash keeps the character behind it.</summary>
    internal static IEnumerable<(string Name, string Value)> Variables(string block)
    {
        int at = Signature.Length;
        while (at < block.Length)
        {
            if (block[at] != '#')
            {
                int equals = block.IndexOf('=', at);
                if (equals < 0)
                {
                    yield break;
                }

                int end = EndOfLine(block, equals + 1);
                if (end >= block.Length)
                {
                    yield break;
                }

                yield return (Text(block[at..equals]), Text(Unescape(block[(equals + 1)..end])));
                at = end;
            }

            at = EndOfLine(block, at) + 1;
        }
    }

    private static int EndOfLine(string block, int at)
    {
        while (at < block.Length && block[at] != '\n')
        {
            at += block[at] == '\\' ? 2 : 1;
        }

        return at;
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\'))
        {
            return value;
        }

        StringBuilder plain = new(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            i += value[i] == '\\' && i + 1 < value.Length ? 1 : 0;
            plain.Append(value[i]);
        }

        return plain.ToString();
    }

    // A C string ends at a NUL.
    private static string Text(string text) => text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and int nul ? text[..nul] : text;
}
