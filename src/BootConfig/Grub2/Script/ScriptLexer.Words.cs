using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>Words: quotes, backslashes and variables.</summary>
internal sealed partial class ScriptLexer
{
    private Token ReadWord()
    {
        int start = _at;
        ScriptPosition position = PositionOf(start);
        List<WordPart> parts = [];
        StringBuilder text = new();
        _wrongVariable = null;
        while (ReadPart(parts, text))
        {
        }

        if (_wrongVariable is not null)
        {
            throw _wrongVariable;
        }

        Flush(parts, text, WordPartKind.Text);
        string raw = new(_text, start, _at - start);
        Word word = new(position, parts);
        TokenKind kind = Reserved.Contains(raw) ? TokenKind.Reserved
            : raw is "[[" or "]]" ? TokenKind.Operator
            : IsName(raw) ? TokenKind.Name
            : TokenKind.Word;
        return new Token(kind, raw, start, position, kind == TokenKind.Operator ? null : word);
    }

    /// <summary>Reads one character, quoted string or variable of a word.</summary>
    /// <returns>False where the word ends.</returns>
    private bool ReadPart(List<WordPart> parts, StringBuilder text)
    {
        char c = _text[_at];
        switch (c)
        {
            case '{' or '}' or '|' or '&' or ';' or '<' or '>' or ' ' or '\t' or '\n':
                return false;
            case '\\':
                ReadEscape(text);
                return true;
            case '\'':
                Flush(parts, text, WordPartKind.Text);
                ReadSingleQuoted(parts);
                return true;
            case '"':
                Flush(parts, text, WordPartKind.Text);
                ReadDoubleQuoted(parts);
                return true;
            case '$' when Peek(1) == '"':
                ReadTranslated(parts, text);
                return true;
            case '$':
                Flush(parts, text, WordPartKind.Text);
                parts.Add(new WordPart(WordPartKind.Variable, ReadVariable()));
                return true;
            default:
                text.Append(c);
                _at++;
                return true;
        }
    }

    /// <summary>A backslash outside quotes stays until the word is expanded; before a newline both go.</summary>
    private void ReadEscape(StringBuilder text)
    {
        if (Peek(1) == '\n')
        {
            _at += 2;
            if (_at == _length)
            {
                MustAppendLine();
            }

            return;
        }

        text.Append(_text[_at]).Append(_text[_at + 1]);
        _at += 2;
    }

    private void ReadSingleQuoted(List<WordPart> parts)
    {
        StringBuilder text = new();
        for (_at++; ; _at++)
        {
            if (_at == _length)
            {
                MustAppendLine();
            }

            if (_text[_at] == '\'')
            {
                _at++;
                parts.Add(new WordPart(WordPartKind.Quoted, text.ToString()));
                return;
            }

            text.Append(_text[_at]);
        }
    }

    private void ReadDoubleQuoted(List<WordPart> parts)
    {
        StringBuilder text = new();
        _at++;
        while (true)
        {
            char c = NextInQuotes();
            switch (c)
            {
                case '"':
                    // An empty string makes a word; a variable in quotes that isn't set does too.
                    parts.Add(new WordPart(WordPartKind.Quoted, text.ToString()));
                    return;
                case '$':
                    parts.Add(new WordPart(WordPartKind.Quoted, text.ToString()));
                    text.Clear();
                    _at--;
                    parts.Add(new WordPart(WordPartKind.QuotedVariable, ReadVariable(inQuotes: true)));
                    break;
                case '\\' when Peek(0) is '$' or '\\' or '"':
                    text.Append(_text[_at++]);
                    break;
                case '\\' when Peek(0) == '\n':
                    _at++;
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    /// <summary><c>$"…"</c>: variables and most backslashes are left to the expansion.</summary>
    /// <param name="parts">The word's parts so far.</param>
    /// <param name="text">Plain text right before it, which GRUB's lexer makes a part of the translated one: a backslash there stays.</param>
    private void ReadTranslated(List<WordPart> parts, StringBuilder text)
    {
        _at += 2;
        while (true)
        {
            char c = NextInQuotes();
            switch (c)
            {
                case '"':
                    parts.Add(new WordPart(WordPartKind.Translated, text.ToString()));
                    text.Clear();
                    return;
                case '\\' when Peek(0) == '\\':
                    text.Append("\\\\");
                    _at++;
                    break;
                case '\\' when Peek(0) == '"':
                    text.Append('"');
                    _at++;
                    break;
                case '\\' when Peek(0) == '\n':
                    _at++;
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    private char NextInQuotes()
    {
        if (_at == _length)
        {
            MustAppendLine();
        }

        return _text[_at++];
    }

    /// <summary><c>$NAME</c>, <c>$123</c>, <c>$?</c>, <c>$#</c>, <c>$*</c>, <c>$@</c>, or one of them in braces.</summary>
    /// <param name="inQuotes">Where it has no name, the word is read to its end first, as GRUB does: what follows the error begins behind all its lines.</param>
    private string ReadVariable(bool inQuotes = false)
    {
        int dollar = _at++;
        bool braces = Peek(0) == '{';
        int start = braces ? _at + 1 : _at;
        int end = start;
        if (end < _length && _text[end] is '?' or '#' or '*' or '@')
        {
            end++;
        }
        else if (end < _length && char.IsAsciiDigit(_text[end]))
        {
            end = SkipWhile(end, char.IsAsciiDigit);
        }
        else if (end < _length && IsNameStart(_text[end]))
        {
            end = SkipWhile(end, static c => IsNameStart(c) || char.IsAsciiDigit(c));
        }

        bool closed = !braces || (end < _length && _text[end] == '}');
        if (end == start || !closed)
        {
            _wrongVariable ??= new ScriptSyntaxException(PositionOf(dollar), "syntax error: `$' without a variable's name");
            return inQuotes ? "" : throw _wrongVariable;
        }

        _at = braces ? end + 1 : end;
        return new string(_text, start, end - start);
    }

    private int SkipWhile(int at, Func<char, bool> belongs)
    {
        while (at < _length && belongs(_text[at]))
        {
            at++;
        }

        return at;
    }

    private char Peek(int ahead) => _at + ahead < _length ? _text[_at + ahead] : '\0';

    private static void Flush(List<WordPart> parts, StringBuilder text, WordPartKind kind)
    {
        if (text.Length > 0)
        {
            parts.Add(new WordPart(kind, text.ToString()));
            text.Clear();
        }
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsName(string text)
    {
        if (!IsNameStart(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!IsNameStart(c) && !char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
