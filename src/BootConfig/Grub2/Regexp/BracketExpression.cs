using System.Collections;

namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>[…]</c> of a POSIX regular expression, in the C locale.</summary>
internal static class BracketExpression
{
    /// <summary>Parses from behind the opening bracket to behind the closing one.</summary>
    /// <exception cref="RegexpException">It doesn't end, or names a class that there isn't.</exception>
    public static BitArray Parse(string text, ref int at)
    {
        bool negated = at < text.Length && text[at] == '^';
        at += negated ? 1 : 0;
        BitArray set = new(256);
        for (bool first = true; ; first = false)
        {
            if (at >= text.Length)
            {
                throw new RegexpException("Unmatched [, [^, [:, [., or [=");
            }

            if (text[at] == ']' && !first)
            {
                at++;
                break;
            }

            if (text[at] == '[' && at + 1 < text.Length && text[at + 1] == ':')
            {
                AddClass(set, text, ref at);
                continue;
            }

            AddRange(set, text, ref at);
        }

        if (negated)
        {
            set.Not();
        }

        set[0] = false;
        return set;
    }

    private static void AddRange(BitArray set, string text, ref int at)
    {
        char from = Element(text, ref at);
        char to = from;
        if (at + 1 < text.Length && text[at] == '-' && text[at + 1] != ']')
        {
            at++;
            to = Element(text, ref at);
        }

        if (to < from)
        {
            throw new RegexpException("Invalid range end");
        }

        for (int c = from; c <= to; c++)
        {
            set[c & 0xFF] = true;
        }
    }

    /// <summary>A character, or one as [.x.] or [=x=]. A backslash is a character like others.</summary>
    private static char Element(string text, ref int at)
    {
        if (text[at] == '[' && at + 1 < text.Length && text[at + 1] is '.' or '=')
        {
            if (at + 4 < text.Length && text[at + 3] == text[at + 1] && text[at + 4] == ']')
            {
                at += 5;
                return text[at - 3];
            }

            throw new RegexpException("Invalid collation character");
        }

        return text[at++];
    }

    private static void AddClass(BitArray set, string text, ref int at)
    {
        int end = text.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new RegexpException("Unmatched [, [^, [:, [., or [=");
        }

        string name = text[(at + 2)..end];
        set.Or(RegexpCompiler.Set(name switch
        {
            "alpha" => char.IsAsciiLetter,
            "digit" => char.IsAsciiDigit,
            "alnum" => char.IsAsciiLetterOrDigit,
            "upper" => char.IsAsciiLetterUpper,
            "lower" => char.IsAsciiLetterLower,
            "xdigit" => char.IsAsciiHexDigit,
            "space" => static c => c is ' ' or (>= '\t' and <= '\r'),
            "blank" => static c => c is ' ' or '\t',
            "punct" => static c => c is > ' ' and < '\x7F' && !char.IsAsciiLetterOrDigit(c),
            "print" => static c => c is >= ' ' and < '\x7F',
            "graph" => static c => c is > ' ' and < '\x7F',
            "cntrl" => static c => c is < ' ' or '\x7F',
            _ => throw new RegexpException("Invalid character class name"),
        }));
        at = end + 2;
    }
}
