using System.Globalization;
using System.Text;

namespace BlockRbd.Ceph.Targets;

/// <summary>What may stand in a target's parts, and how text of unknown origin is shown to a person.</summary>
public static class TargetText
{
    /// <summary>Longest target, in characters: a xenstore value can't be longer (XENSTORE_PAYLOAD_MAX).</summary>
    public const int MaxTarget = 4096;

    /// <summary>Longest pool, namespace, image or snapshot name, in characters.</summary>
    public const int MaxName = 128;

    private const int MaxQuoted = 200;

    /// <summary>The text in quotes, on one line: what isn't a printing ASCII character is shown as \xHH or \u{H}, what is too long is cut.</summary>
    public static string Quote(string text)
    {
        StringBuilder quoted = new("'", Math.Min(text.Length, MaxQuoted) + 2);
        int shown = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (++shown > MaxQuoted)
            {
                quoted.Append("...");
                break;
            }

            _ = rune.Value switch
            {
                '\\' => quoted.Append(@"\\"),
                '\'' => quoted.Append(@"\'"),
                >= ' ' and <= '~' => quoted.Append((char)rune.Value),
                <= 0xFF => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
            };
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>What is wrong with a pool, namespace, image or snapshot name; null where nothing is.</summary>
    /// <remarks>
    /// Ceph itself takes any bytes. These names end in command lines, in paths below /dev and in logs, and a target is split at the
    /// characters left out here, so the set is that of names people and toolstacks use: letters, digits and <c>. _ + -</c>.
    /// </remarks>
    public static string? NameProblem(string what, string name) => name switch
    {
        "" => $"the {what} is empty",
        "." or ".." => $"the {what} is {Quote(name)}, which is a path's word",
        _ when name.Length > MaxName => $"the {what} is longer than {MaxName} characters",
        ['-', ..] => $"the {what} {Quote(name)} begins with '-', which reads as an option",
        _ => OddCharacter(name, static letter => IsNameCharacter(letter)) is { } odd ? $"odd character {odd} in the {what} {Quote(name)}" : null,
    };

    /// <summary>What is wrong with an absolute path; null where nothing is.</summary>
    internal static string? PathProblem(string path) => path switch
    {
        ['/', _, ..] => OddCharacter(path, static letter => IsNameCharacter(letter) || letter is '/' or '@' or ':' or '~' or '=' or ' ') is { } odd
            ? $"odd character {odd} in the path {Quote(path)}"
            : null,
        _ => $"{Quote(path)} is not an absolute path",
    };

    /// <summary>The first character that isn't one of those, quoted; null where all are.</summary>
    internal static string? OddCharacter(string text, Func<char, bool> isGood)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii || !isGood((char)rune.Value))
            {
                return Quote(rune.ToString());
            }
        }

        return null;
    }

    internal static bool IsNameCharacter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '+' or '-';
}
