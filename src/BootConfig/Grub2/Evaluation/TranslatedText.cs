using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>$"…"</c>. Without a catalogue in the guest's language the text stays as it is; only its variables are filled in.</summary>
internal static class TranslatedText
{
    /// <summary>Fills in variables as gettext_append does: <c>$name</c>, <c>${name}</c>, <c>$1</c>, <c>$?</c>, <c>$#</c>; a backslash keeps a dollar.</summary>
    public static string Expand(GrubMachine machine, string text)
    {
        StringBuilder result = new(text.Length);
        bool escaped = false;
        for (int i = 0; i < text.Length;)
        {
            char c = text[i];
            if (c == '\\')
            {
                escaped = !escaped;
                if (!escaped)
                {
                    result.Append('\\');
                }

                i++;
            }
            else if (c == '$' && !escaped)
            {
                i = AppendVariable(machine, result, text, i + 1);
            }
            else
            {
                if (escaped && c != '$')
                {
                    result.Append('\\');
                }

                escaped = false;
                result.Append(c);
                i++;
            }
        }

        return result.ToString();
    }

    private static int AppendVariable(GrubMachine machine, StringBuilder result, string text, int at)
    {
        if (at < text.Length && text[at] == '{')
        {
            int close = text.IndexOf('}', at);
            if (close < 0)
            {
                return text.Length;
            }

            result.Append(Value(machine, text[(at + 1)..close]));
            return close + 1;
        }

        int end = at;
        if (at < text.Length && text[at] is '?' or '#')
        {
            end++;
        }
        else if (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
        }
        else
        {
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }
        }

        result.Append(end == at ? "$" : Value(machine, text[at..end]));
        return end;
    }

    // gettext_putvar asks the environment for everything but "#": $1 is a variable of that name here.
    private static string Value(GrubMachine machine, string name) =>
        name == "#"
            ? (machine.Scope?.Count ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : machine.Environment.Get(name) ?? "";
}
