using System.Globalization;
using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Turns the words of a command into its arguments, step by step as grub-core/script/execute.c: quoted text gets
/// backslashes before what a wildcard is, values outside quotes are split at blanks, wildcards become file names, and
/// at the end a backslash goes.
/// </summary>
internal static class WordExpander
{
    /// <summary>The arguments.</summary>
    /// <param name="machine">Variables, parameters, files and limits.</param>
    /// <param name="words">The words as parsed.</param>
    /// <param name="position">The command's, for a limit's message.</param>
    public static List<string> Expand(GrubMachine machine, IReadOnlyList<Word> words, ScriptPosition position)
    {
        List<string> result = [];
        int characters = 0;
        foreach (Word word in words)
        {
            if (word.Constant is { } constant)
            {
                result.Add(constant);
                characters += constant.Length;
                continue;
            }

            WordBuilder built = new();
            foreach (WordPart part in word.Parts)
            {
                Append(machine, built, part);
                machine.CheckWordLength(characters + built.Characters, position);
            }

            foreach (string escaped in built.Finish())
            {
                AddExpanded(machine, result, escaped, word.Position);
            }

            characters += built.Characters;
        }

        machine.Charge(characters, position);
        return result;
    }

    private static void AddExpanded(GrubMachine machine, List<string> result, string escaped, ScriptPosition position)
    {
        if (machine.Globbing && Wildcards.Expand(machine, escaped, position) is { } names)
        {
            result.AddRange(names);
        }
        else
        {
            result.Add(Unescape(escaped, machine.KeepsHexEscapes));
        }
    }

    private static void Append(GrubMachine machine, WordBuilder built, WordPart part)
    {
        switch (part.Kind)
        {
            case WordPartKind.Text:
                built.Append(part.Text);
                break;
            case WordPartKind.Quoted or WordPartKind.Block:
                built.Append(Escape(part.Text, machine.KeepsHexEscapes));
                break;
            case WordPartKind.Translated:
                built.Append(Escape(TranslatedText.Expand(machine, part.Text), machine.KeepsHexEscapes));
                break;
            case WordPartKind.QuotedVariable:
                AppendEach(built, QuotedValues(machine, part.Text), value => Escape(value, machine.KeepsHexEscapes));
                break;
            default:
                AppendEach(built, SplitValues(machine, part.Text), EscapeValue);
                break;
        }
    }

    private static void AppendEach(WordBuilder built, IEnumerable<string> values, Func<string, string> escape)
    {
        bool first = true;
        foreach (string value in values)
        {
            if (!first)
            {
                built.Next();
            }

            built.Append(escape(value));
            first = false;
        }
    }

    /// <summary>A variable's value as one piece; <c>$@</c> has one for each parameter.</summary>
    private static List<string> QuotedValues(GrubMachine machine, string name)
    {
        if (!GrubMachine.IsSpecial(name))
        {
            return machine.Environment.Get(name) is { Length: > 0 } value ? [value] : [];
        }

        List<string> parameters = Parameters(machine, name);
        return name == "*" && parameters.Count > 0 ? [string.Join(' ', parameters)] : parameters;
    }

    /// <summary>A variable's value split at blanks. Blanks at its ends separate nothing from the text around it.</summary>
    private static List<string> SplitValues(GrubMachine machine, string name)
    {
        IReadOnlyList<string> whole = GrubMachine.IsSpecial(name)
            ? Parameters(machine, name)
            : machine.Environment.Get(name) is { } text ? [text] : [];
        List<string> words = [];
        foreach (string value in whole)
        {
            int at = 0;
            while (true)
            {
                while (at < value.Length && GrubNumbers.IsSpace(value[at]))
                {
                    at++;
                }

                int start = at;
                while (at < value.Length && !GrubNumbers.IsSpace(value[at]))
                {
                    at++;
                }

                if (at == start)
                {
                    break;
                }

                words.Add(value[start..at]);
            }
        }

        return words;
    }

    /// <summary><c>$1</c>, <c>$#</c>, <c>$*</c>, <c>$@</c>; outside functions and entries they are nothing, as is <c>$0</c>.</summary>
    private static List<string> Parameters(GrubMachine machine, string name)
    {
        if (machine.Scope is not { } scope)
        {
            return [];
        }

        if (name == "#")
        {
            return [scope.Count.ToString(CultureInfo.InvariantCulture)];
        }

        if (name is "*" or "@")
        {
            return [.. Enumerable.Range(1, scope.Count).Select(scope.At)];
        }

        ulong number = GrubNumbers.Parse(name, 10, out _, out _);
        return number > 0 && number <= (ulong)scope.Count ? [scope.At((int)number)] : [];
    }

    /// <summary>Backslashes before <c>* ? \</c>, so that nothing of it is a wildcard.</summary>
    private static string Escape(string text, bool keepHex)
    {
        if (text.AsSpan().IndexOfAny('*', '?', '\\') < 0)
        {
            return text;
        }

        StringBuilder escaped = new(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            if (keepHex && IsHexEscape(text, i))
            {
                escaped.Append(text, i, 4);
                i += 3;
                continue;
            }

            if (text[i] is '*' or '?' or '\\')
            {
                escaped.Append('\\');
            }

            escaped.Append(text[i]);
        }

        return escaped.ToString();
    }

    /// <summary>In a value outside quotes a wildcard works, unless the value itself has a backslash before it.</summary>
    private static string EscapeValue(string value)
    {
        if (!value.Contains('\\'))
        {
            return value;
        }

        StringBuilder escaped = new(value.Length + 8);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                escaped.Append('\\');
                if (i + 1 < value.Length && value[i + 1] is '?' or '*')
                {
                    escaped.Append('\\');
                }
            }

            escaped.Append(value[i]);
        }

        return escaped.ToString();
    }

    /// <summary>Takes the backslashes out; one at the end goes too.</summary>
    internal static string Unescape(string text, bool keepHex)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (keepHex && IsHexEscape(text, i))
            {
                plain.Append(text, i, 4);
                i += 3;
            }
            else if (text[i] != '\\')
            {
                plain.Append(text[i]);
            }
            else if (++i < text.Length)
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static bool IsHexEscape(string text, int at) =>
        at + 3 < text.Length && text[at] == '\\' && text[at + 1] == 'x'
        && char.IsAsciiHexDigit(text[at + 2]) && char.IsAsciiHexDigit(text[at + 3]);

    /// <summary>
    /// The arguments that one word becomes. A word to which nothing was appended is none, one to which an empty
    /// string was appended is an empty one.
    /// </summary>
    private sealed class WordBuilder
    {
        private readonly List<string> _finished = [];
        private StringBuilder? _current;

        public int Characters { get; private set; }

        public void Append(string text)
        {
            (_current ??= new StringBuilder()).Append(text);
            Characters += text.Length;
        }

        public void Next()
        {
            if (_current is not null)
            {
                _finished.Add(_current.ToString());
                _current = null;
            }
        }

        public List<string> Finish()
        {
            Next();
            return _finished;
        }
    }
}
