namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// Cuts a script into tokens as grub-core/script/yylex.l does. GRUB reads a line, parses and runs it, then reads the next
/// one; a line goes on in the following one only inside quotes, after a backslash, or while a construct is open
/// (<see cref="Depth"/>). What a syntax error takes with it therefore is a number of whole lines.
/// </summary>
internal sealed partial class ScriptLexer(ScriptSource source, Action<int, ScriptPosition> meter)
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
