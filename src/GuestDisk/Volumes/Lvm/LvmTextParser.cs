using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>
/// Parses the text of a volume group: <c>name { ... }</c>, <c>name = value</c>, with numbers, "texts" and [lists], # to the end of a line is a
/// comment (LVM2: libdm/libdm-config.c).
/// </summary>
internal sealed class LvmTextParser
{
    private readonly string _text;
    private readonly string _source;
    private int _at;
    private int _values;

    private LvmTextParser(string text, string source) => (_text, _source) = (text, source);

    /// <summary>The whole text as a section without a name.</summary>
    /// <exception cref="ImageFormatException">It can't be parsed, or is larger than any.</exception>
    public static LvmSection Parse(string text, string source)
    {
        LvmTextParser parser = new(text, source);
        LvmSection root = new("text", source);
        parser.Fill(root, depth: 0);
        return root;
    }

    private void Fill(LvmSection section, int depth)
    {
        if (depth > LvmLimits.MaxDepth)
        {
            Throw(ImageFault.OverLimit, $"more than {LvmLimits.MaxDepth} sections inside each other");
        }

        for (char next = Peek(); next != '}' && next != '\0'; next = Peek())
        {
            string key = Word();
            if (Peek() == '{')
            {
                _at++;
                LvmSection inner = new(key, _source);
                Fill(inner, depth + 1);
                Expect('}');
                section.Add(key, Counted(inner));
            }
            else
            {
                Expect('=');
                section.Add(key, Value());
            }
        }

        if (depth == 0 && Peek() == '}')
        {
            Corrupt("a } too many");
        }
    }

    private object Value()
    {
        switch (Peek())
        {
            case '"':
                return Counted(Text());
            case '[':
                _at++;
                List<object> list = [];
                while (Peek() != ']')
                {
                    list.Add(Peek() == '"' ? Counted(Text()) : Counted(Number()));
                    if (Peek() == ',')
                    {
                        _at++;
                    }
                }

                _at++;
                return list;
            default:
                return Counted(Number());
        }
    }

    private T Counted<T>(T value)
    {
        if (++_values > LvmLimits.MaxValues)
        {
            Throw(ImageFault.OverLimit, $"more than {LvmLimits.MaxValues} values");
        }

        return value;
    }

    private string Text()
    {
        _at++;
        StringBuilder text = new();
        while (_at < _text.Length && _text[_at] != '"')
        {
            _at += _text[_at] == '\\' && _at + 1 < _text.Length ? 1 : 0; // \" and \\
            text.Append(_text[_at++]);
        }

        Expect('"');
        return text.ToString();
    }

    /// <summary>A number of 64 bits; one with a point, which nothing here is measured in, becomes text.</summary>
    private object Number()
    {
        string word = Word();
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : word;
    }

    private string Word()
    {
        Peek();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-' or '+' or '.' or '/'))
        {
            _at++;
        }

        if (_at == start)
        {
            Corrupt("a name or number expected");
        }

        return _text[start.._at];
    }

    private void Expect(char c)
    {
        if (Peek() != c)
        {
            Corrupt($"{c} expected");
        }

        _at++;
    }

    /// <summary>The next character that is neither blank nor comment; NUL at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && (char.IsWhiteSpace(_text[_at]) || _text[_at] == '#'))
        {
            int end = _text[_at] == '#' ? _text.IndexOf('\n', _at) : _at;
            _at = end < 0 ? _text.Length : end + 1;
        }

        return _at < _text.Length ? _text[_at] : '\0';
    }

    [DoesNotReturn]
    private void Corrupt(string problem) => Throw(ImageFault.Corrupt, problem);

    [DoesNotReturn]
    private void Throw(ImageFault fault, string problem) =>
        throw new ImageFormatException(fault, "LVM2 metadata", _source, -1, $"{problem} at character {_at} of {_text.Length}");
}
