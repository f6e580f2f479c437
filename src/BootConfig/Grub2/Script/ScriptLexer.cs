using System.Text;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Cuts a script into tokens as grub-core/script/yylex.l does. GRUB reads a line, parses and runs it, then reads the next
/// one; a line goes on in the following one only inside quotes, after a backslash, or while a construct is open
/// (<see cref="Depth"/>). What a syntax error takes with it therefore is a number of whole lines.
/// </summary>
internal sealed class ScriptLexer(ScriptSource source, Action<int, ScriptPosition> meter)
{
    private static readonly HashSet<string> Reserved =
    [
        "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "select", "then", "until", "while", "function",
    ];

    private readonly List<int> _lineStarts = [];
    private char[] _text = new char[256];
    private int _length;
    private int _at;
    private ScriptSyntaxException? _wrongVariable; // of the word that is being read
    private int _firstLine;
    private int _nextLine;

    /// <summary>How many constructs are open: while any is, the end of a line is not the end.</summary>
    public int Depth { get; set; }

    /// <summary>Index behind the last token.</summary>
    public int Index => _at;

    /// <summary>Drops what is left of the lines read so far and reads the next one.</summary>
    /// <returns>False at the end of the script.</returns>
    public bool NextUnit()
    {
        _length = 0;
        _at = 0;
        Depth = 0;
        _lineStarts.Clear();
        _firstLine = _nextLine;
        return AppendLine();
    }

    /// <summary>Where a character of the lines read so far stands in the guest's file.</summary>
    public ScriptPosition PositionOf(int index)
    {
        (int line, int column) = Locate(index);
        return source.Lines[line].At(column);
    }

    /// <summary>The text between two indexes as lines of their own.</summary>
    public ScriptSource Slice(int start, int end)
    {
        List<ScriptLine> lines = [];
        int from = start;
        while (true)
        {
            int newline = Array.IndexOf(_text, '\n', from, end - from);
            int to = newline < 0 ? end : newline;
            (int line, int column) = Locate(from);
            lines.Add(new ScriptLine(new string(_text, from, to - from), source.Lines[line].At(column), source.Lines[line].Fixed));
            if (newline < 0)
            {
                return new ScriptSource(lines);
            }

            from = newline + 1;
        }
    }

    /// <summary>The next token.</summary>
    /// <exception cref="ScriptSyntaxException">What follows is none, or the script ends within it.</exception>
    public Token Next()
    {
        SkipBlanks();
        if (_at == _length)
        {
            return new Token(TokenKind.End, "the end of the line", _at, PositionOf(_at - 1));
        }

        int start = _at;
        TokenKind kind = _text[_at] switch
        {
            '\n' => TokenKind.Newline,
            '{' => TokenKind.OpenBrace,
            '}' => TokenKind.CloseBrace,
            ';' => Peek(1) == ';' ? TokenKind.Operator : TokenKind.Semicolon,
            '|' or '&' or '<' or '>' => TokenKind.Operator,
            _ => TokenKind.Word,
        };
        if (kind == TokenKind.Word)
        {
            return ReadWord();
        }

        _at += kind == TokenKind.Operator && Peek(1) == _text[_at] && _text[_at] is '|' or '&' or ';' ? 2 : 1;
        return new Token(kind, new string(_text, start, _at - start), start, PositionOf(start));
    }

    private void SkipBlanks()
    {
        while (true)
        {
            if (_at == _length)
            {
                if (Depth == 0)
                {
                    return;
                }

                MustAppendLine();
            }

            switch (_text[_at])
            {
                case ' ' or '\t':
                    _at++;
                    break;
                case '#':
                    _at = Array.IndexOf(_text, '\n', _at, _length - _at);
                    break;
                default:
                    return;
            }
        }
    }

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

    private void MustAppendLine()
    {
        if (!AppendLine())
        {
            throw new ScriptSyntaxException(PositionOf(_length - 1), "syntax error: the script ends inside a construct or quotes");
        }
    }

    private bool AppendLine()
    {
        if (_nextLine == source.Lines.Count)
        {
            return false;
        }

        ScriptLine line = source.Lines[_nextLine++];
        int needed = _length + line.Text.Length + 1;
        meter(line.Text.Length, line.Start);
        if (needed > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(needed, _text.Length * 2));
        }

        _lineStarts.Add(_length);
        line.Text.CopyTo(_text.AsSpan(_length));
        _length = needed;
        _text[_length - 1] = '\n';
        return true;
    }

    private (int Line, int Column) Locate(int index)
    {
        int found = _lineStarts.BinarySearch(index);
        int line = found >= 0 ? found : ~found - 1;
        return (_firstLine + line, index - _lineStarts[line]);
    }
}
