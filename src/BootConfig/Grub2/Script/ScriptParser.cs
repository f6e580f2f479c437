namespace BlockRbd.BootConfig.Grub2;

/// <summary>A function that a script defines. GRUB defines it when its closing brace is parsed, before the line runs.</summary>
internal sealed record FunctionDefinition(string Name, Statement Body);

/// <summary>Parses one unit of a script (a line, with those that its constructs go on in) by the grammar of grub-core/script/parser.y.</summary>
internal sealed class ScriptParser(ScriptLexer lexer, int maxNesting)
{
    private Token? _peeked;
    private int _nesting;

    /// <summary>Functions that were complete, also where the unit has an error behind them.</summary>
    public List<FunctionDefinition> Functions { get; } = [];

    /// <summary>Goes to the next unit.</summary>
    /// <returns>False at the end.</returns>
    public bool NextUnit()
    {
        _peeked = null;
        _nesting = 0;
        Functions.Clear();
        return lexer.NextUnit();
    }

    /// <summary>script: newlines, then statements with one delimiter behind each, and newlines.</summary>
    /// <exception cref="ScriptSyntaxException">GRUB runs nothing of the unit.</exception>
    public StatementList ParseUnit()
    {
        List<Statement> statements = [];
        SkipNewlines();
        while (Peek().Kind != TokenKind.End)
        {
            if (Peek().Is("function"))
            {
                ParseFunction();
            }
            else
            {
                statements.Add(ParseCommand());
            }

            Token delimiter = Take();
            if (delimiter.Kind is not (TokenKind.Semicolon or TokenKind.Newline))
            {
                throw Unexpected(delimiter);
            }

            SkipNewlines();
        }

        return new StatementList(statements);
    }

    private void ParseFunction()
    {
        Take();
        Token name = Take();
        if (name.Kind != TokenKind.Name)
        {
            throw Unexpected(name);
        }

        lexer.Depth++;
        SkipNewlines();
        Expect(TokenKind.OpenBrace);
        StatementList body = ParseCommands(delimiterBeforeEnd: true);
        Expect(TokenKind.CloseBrace);
        lexer.Depth--;
        Functions.Add(new FunctionDefinition(name.Text, body));
    }

    private Statement ParseCommand()
    {
        Token first = Peek();
        if (++_nesting > maxNesting)
        {
            throw new ScriptSyntaxException(first.Position, $"more than {maxNesting} constructs inside each other");
        }

        Statement statement = first switch
        {
            { Kind: TokenKind.Reserved, Text: "if" } => ParseIf(),
            { Kind: TokenKind.Reserved, Text: "for" } => ParseFor(),
            { Kind: TokenKind.Reserved, Text: "while" or "until" } => ParseWhile(),
            { Kind: TokenKind.Word or TokenKind.Name } => ParseSimple(),
            _ => throw Unexpected(first),
        };
        _nesting--;
        return statement;
    }

    /// <summary>grubcmd: a word, arguments (reserved words too), and a block on the same line.</summary>
    private CommandLine ParseSimple()
    {
        ScriptPosition position = Peek().Position;
        List<Word> words = ParseWords();
        if (Peek().Kind == TokenKind.OpenBrace)
        {
            words.Add(ParseBlock());
        }

        return new CommandLine(position, words);
    }

    private List<Word> ParseWords()
    {
        List<Word> words = [];
        while (Peek().IsWord)
        {
            words.Add(Take().Word!);
        }

        return words;
    }

    /// <summary>A block is checked here and kept as text: GRUB parses it again when it runs.</summary>
    private Word ParseBlock()
    {
        Token open = Take();
        int start = lexer.Index;
        lexer.Depth++;
        ParseCommands(delimiterBeforeEnd: false);
        Token close = Expect(TokenKind.CloseBrace);
        lexer.Depth--;
        ScriptSource block = lexer.Slice(start, close.Start);
        return new Word(open.Position, [new WordPart(WordPartKind.Block, "{" + block + "}", block)]);
    }

    private IfStatement ParseIf()
    {
        Take();
        lexer.Depth++;
        IfStatement clause = ParseIfClause();
        Expect("fi");
        lexer.Depth--;
        return clause;
    }

    private IfStatement ParseIfClause()
    {
        StatementList condition = ParseCommands(delimiterBeforeEnd: true);
        Expect("then");
        StatementList then = ParseCommands(delimiterBeforeEnd: true);
        if (Peek().Is("else"))
        {
            Take();
            return new IfStatement(condition, then, ParseCommands(delimiterBeforeEnd: true));
        }

        if (!Peek().Is("elif"))
        {
            return new IfStatement(condition, then, null);
        }

        Token elif = Take();
        if (++_nesting > maxNesting)
        {
            throw new ScriptSyntaxException(elif.Position, $"more than {maxNesting} constructs inside each other");
        }

        IfStatement otherwise = ParseIfClause();
        _nesting--;
        return new IfStatement(condition, then, otherwise);
    }

    private ForStatement ParseFor()
    {
        Token start = Take();
        Token name = Take();
        if (name.Kind != TokenKind.Name)
        {
            throw Unexpected(name);
        }

        lexer.Depth++;
        Expect("in");
        List<Word> words = ParseWords();
        ParseDelimiters();
        StatementList body = ParseLoopBody();
        return new ForStatement(start.Position, name.Text, words, body);
    }

    private WhileStatement ParseWhile()
    {
        Token start = Take();
        lexer.Depth++;
        StatementList condition = ParseCommands(delimiterBeforeEnd: true);
        StatementList body = ParseLoopBody();
        return new WhileStatement(start.Position, condition, body, Until: start.Text == "until");
    }

    private StatementList ParseLoopBody()
    {
        Expect("do");
        StatementList body = ParseCommands(delimiterBeforeEnd: true);
        Expect("done");
        lexer.Depth--;
        return body;
    }

    /// <summary>commands1: at least one command; an empty block or branch is a syntax error in GRUB.</summary>
    private StatementList ParseCommands(bool delimiterBeforeEnd)
    {
        List<Statement> commands = [];
        SkipNewlines();
        while (true)
        {
            commands.Add(ParseCommand());
            if (!delimiterBeforeEnd && Peek().Kind == TokenKind.CloseBrace)
            {
                return new StatementList(commands);
            }

            ParseDelimiters();
            if (EndsCommands(Peek()))
            {
                return new StatementList(commands);
            }
        }
    }

    private static bool EndsCommands(Token token) =>
        token.Kind == TokenKind.CloseBrace
        || (token.Kind == TokenKind.Reserved && token.Text is not ("if" or "for" or "while" or "until"));

    /// <summary>delimiters1: one delimiter, then only newlines.</summary>
    private void ParseDelimiters()
    {
        Token delimiter = Take();
        if (delimiter.Kind is not (TokenKind.Semicolon or TokenKind.Newline))
        {
            throw Unexpected(delimiter);
        }

        SkipNewlines();
    }

    private void SkipNewlines()
    {
        while (Peek().Kind == TokenKind.Newline)
        {
            Take();
        }
    }

    private Token Peek() => _peeked ??= lexer.Next();

    private Token Take()
    {
        Token token = Peek();
        _peeked = null;
        return token;
    }

    private void Expect(string reserved)
    {
        Token token = Take();
        if (!token.Is(reserved))
        {
            throw Unexpected(token);
        }
    }

    private Token Expect(TokenKind kind)
    {
        Token token = Take();
        return token.Kind == kind ? token : throw Unexpected(token);
    }

    private static ScriptSyntaxException Unexpected(Token token) => new(
        token.Position,
        token.Kind switch
        {
            TokenKind.Newline or TokenKind.End => "syntax error: the line ends too early",
            _ => $"syntax error: unexpected `{GuestText.Display(token.Text)}'",
        });
}
