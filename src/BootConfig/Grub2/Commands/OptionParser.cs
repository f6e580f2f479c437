namespace BlockRbd.BootConfig.Grub2;

/// <summary>An option of a command.</summary>
/// <param name="Long">Name behind two dashes, or "".</param>
/// <param name="Short">Letter behind one dash, or NUL.</param>
/// <param name="TakesValue">Whether a value belongs to it.</param>
/// <param name="ValueIsOptional">Whether it may stand without one.</param>
internal sealed record CommandOption(string Long, char Short = '\0', bool TakesValue = false, bool ValueIsOptional = false);

/// <summary>How a command's words are told apart.</summary>
/// <param name="Options">Its options.</param>
/// <param name="AcceptsDash">Unknown options are arguments (GRUB_COMMAND_ACCEPT_DASH).</param>
/// <param name="OptionsAtStart">Behind the first argument nothing is an option (GRUB_COMMAND_OPTIONS_AT_START).</param>
internal sealed record CommandSyntax(IReadOnlyList<CommandOption> Options, bool AcceptsDash = false, bool OptionsAtStart = false);

/// <summary>A command's words, told apart.</summary>
internal sealed class ParsedOptions
{
    private readonly Dictionary<string, List<string?>> _values = [];

    /// <summary>What is no option.</summary>
    public List<string> Arguments { get; } = [];

    public bool Has(string option) => _values.ContainsKey(option);

    /// <summary>The option's value, the last one where it stands several times; null where it has none.</summary>
    public string? Value(string option) => _values.TryGetValue(option, out List<string?>? values) ? values[^1] : null;

    /// <summary>All values of an option, in order.</summary>
    public IEnumerable<string> Values(string option) =>
        _values.TryGetValue(option, out List<string?>? values) ? values.OfType<string>() : [];

    internal void Add(CommandOption option, string? value)
    {
        string name = option.Long.Length > 0 ? option.Long : option.Short.ToString();
        if (!_values.TryGetValue(name, out List<string?>? values))
        {
            _values[name] = values = [];
        }

        values.Add(value);
    }
}

/// <summary>grub-core/lib/arg.c.</summary>
internal static class OptionParser
{
    private static readonly CommandOption Help = new("help", 'h');
    private static readonly CommandOption Usage = new("usage", 'u');

    /// <summary>Tells a command's words apart.</summary>
    /// <returns>Null where it is not to run: after an error, or where help was asked for.</returns>
    public static ParsedOptions? Parse(GrubMachine machine, CommandCall call, CommandSyntax syntax)
    {
        ParsedOptions parsed = new();
        List<string> words = call.Arguments;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            if ((parsed.Arguments.Count > 0 && syntax.OptionsAtStart) || word is not ['-', _, ..])
            {
                parsed.Arguments.Add(word);
            }
            else if (word == "--")
            {
                parsed.Arguments.AddRange(words.Skip(i + 1));
                break;
            }
            else
            {
                bool ok = word[1] == '-'
                    ? ParseLong(machine, call, syntax, parsed, ref i)
                    : ParseShort(machine, call, syntax, parsed, ref i);
                if (!ok)
                {
                    return null;
                }
            }
        }

        return parsed;
    }

    private static bool ParseShort(GrubMachine machine, CommandCall call, CommandSyntax syntax, ParsedOptions parsed, ref int i)
    {
        string letters = call.Arguments[i][1..];
        if (syntax.AcceptsDash && letters.Any(letter => FindShort(syntax, letter) is null))
        {
            parsed.Arguments.Add(call.Arguments[i]);
            return true;
        }

        for (int at = 0; ; at++)
        {
            if (FindShort(syntax, letters[at]) is not { } option)
            {
                machine.Fail(GrubError.BadArgument, $"unknown argument `-{GuestText.Display(letters[at..(at + 1)])}'", call);
                return false;
            }

            if (at == letters.Length - 1)
            {
                string? next = i + 1 < call.Arguments.Count ? call.Arguments[i + 1] : null;
                bool takesNext = option.TakesValue && next is not null && (!option.ValueIsOptional || next is not ['-', _, ..]);
                i += takesNext ? 1 : 0;
                return Set(machine, call, parsed, option, takesNext ? next : null);
            }

            if (option.TakesValue && !option.ValueIsOptional)
            {
                machine.Fail(GrubError.BadArgument, $"missing mandatory option for `{option.Long}'", call);
                return false;
            }

            if (!Set(machine, call, parsed, option with { TakesValue = false }, null))
            {
                return false;
            }
        }
    }

    private static bool ParseLong(GrubMachine machine, CommandCall call, CommandSyntax syntax, ParsedOptions parsed, ref int i)
    {
        string word = call.Arguments[i];
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        CommandOption? option = syntax.Options.FirstOrDefault(o => o.Long.Length > 0 && o.Long == name)
            ?? (name == Help.Long ? Help : name == Usage.Long ? Usage : null);
        if (option is { TakesValue: true } && value is null && i + 1 < call.Arguments.Count && call.Arguments[i + 1] is not ['-', ..])
        {
            value = call.Arguments[++i];
        }

        if (option is not null)
        {
            return Set(machine, call, parsed, option, value);
        }

        if (syntax.AcceptsDash)
        {
            parsed.Arguments.Add(word);
            return true;
        }

        machine.Fail(GrubError.BadArgument, $"unknown argument `{GuestText.Display(word)}'", call);
        return false;
    }

    private static bool Set(GrubMachine machine, CommandCall call, ParsedOptions parsed, CommandOption option, string? value)
    {
        if (option.TakesValue && value is null && !option.ValueIsOptional)
        {
            machine.Fail(GrubError.BadArgument, $"missing mandatory option for `{option.Long}'", call);
            return false;
        }

        if (!option.TakesValue && value is not null)
        {
            machine.Fail(
                GrubError.BadArgument,
                $"a value was assigned to the argument `{option.Long}' while it doesn't require an argument", call);
            return false;
        }

        if (ReferenceEquals(option, Help) || ReferenceEquals(option, Usage))
        {
            return false; // It would print its help and do nothing else.
        }

        parsed.Add(option, value);
        return machine.Error == GrubError.None; // With an error that is still to be printed (a lone "!" before it) a command with options doesn't run.
    }

    private static CommandOption? FindShort(CommandSyntax syntax, char letter) =>
        syntax.Options.FirstOrDefault(o => o.Short == letter && letter != '\0')
        ?? (letter == Help.Short ? Help : letter == Usage.Short ? Usage : null);
}
