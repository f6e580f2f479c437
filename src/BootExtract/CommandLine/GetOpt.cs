namespace BlockRbd.BootExtract.CommandLine;

/// <summary>One option as it was given.</summary>
/// <param name="Name">Its full name with dashes: "-q", "--output".</param>
/// <param name="Value">Its value; empty where it takes none.</param>
internal readonly record struct GivenOption(string Name, string Value);

/// <summary>A long option's name and whether it takes a value.</summary>
internal readonly record struct LongOption(string Name, bool TakesValue);

/// <summary>
/// Splits a command line as Python's getopt.gnu_getopt does, which is what pygrub's callers write for: letters in a cluster,
/// <c>--name=value</c> and <c>--name value</c>, names cut short as long as they stay unambiguous, options after other arguments,
/// <c>--</c> as their end, and POSIXLY_CORRECT.
/// </summary>
internal sealed class GetOpt
{
    private readonly string _letters;
    private readonly IReadOnlyList<IReadOnlyList<LongOption>> _ranks;

    /// <param name="letters">Short options; none takes a value.</param>
    /// <param name="ranks">
    /// Long options. A short form is looked for in the first list alone, and in the next one only where that
    /// knows nothing like it: options that pygrub does not have never make one of its own ambiguous.
    /// </param>
    public GetOpt(string letters, params IReadOnlyList<IReadOnlyList<LongOption>> ranks)
    {
        _letters = letters;
        _ranks = ranks;
    }

    /// <summary>Splits <paramref name="arguments"/>.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="optionsFirst">Whether the first argument that is no option ends the options (POSIXLY_CORRECT).</param>
    /// <param name="operands">What is no option.</param>
    /// <exception cref="ExtractException">An option is unknown, ambiguous, lacks its value or has one too many.</exception>
    public List<GivenOption> Parse(IReadOnlyList<string> arguments, bool optionsFirst, out List<string> operands)
    {
        List<GivenOption> options = [];
        operands = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                operands.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                options.Add(Long(argument[2..], arguments, ref i));
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                options.AddRange(argument.Skip(1).Select(Short));
            }
            else if (optionsFirst)
            {
                operands.AddRange(arguments.Skip(i));
                break;
            }
            else
            {
                operands.Add(argument);
            }
        }

        return options;
    }

    private GivenOption Long(string text, IReadOnlyList<string> arguments, ref int i)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string given = equals < 0 ? text : text[..equals];
        string? value = equals < 0 ? null : text[(equals + 1)..];
        LongOption option = Find(given);
        if (!option.TakesValue)
        {
            return value is null ? new GivenOption("--" + option.Name, "") : throw Usage($"option --{option.Name} must not have an argument");
        }

        if (value is null)
        {
            // What follows is the value even where it looks like an option.
            value = ++i < arguments.Count ? arguments[i] : throw Usage($"option --{option.Name} requires argument");
        }

        return new GivenOption("--" + option.Name, value);
    }

    private LongOption Find(string given)
    {
        string shown = BootConfig.GuestText.Display(given);
        foreach (LongOption option in _ranks.SelectMany(rank => rank))
        {
            if (option.Name == given)
            {
                return option;
            }
        }

        foreach (IReadOnlyList<LongOption> rank in _ranks)
        {
            LongOption[] possible = [.. rank.Where(option => option.Name.StartsWith(given, StringComparison.Ordinal))];
            if (possible.Length == 1)
            {
                return possible[0];
            }

            if (possible.Length > 1)
            {
                throw Usage($"option --{shown} not a unique prefix: {string.Join(", ", possible.Select(option => "--" + option.Name))}");
            }
        }

        throw Usage($"option --{shown} not recognized");
    }

    private GivenOption Short(char letter) =>
        _letters.Contains(letter, StringComparison.Ordinal)
            ? new GivenOption("-" + letter, "")
            : throw Usage($"option -{BootConfig.GuestText.Display(letter.ToString())} not recognized");

    private static ExtractException Usage(string problem) => new(ExitCode.Usage, $"{problem}; see pygrub-rbd --help");
}
