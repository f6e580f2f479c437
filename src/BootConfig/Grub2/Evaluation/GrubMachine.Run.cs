using System.Globalization;

namespace BlockRbd.BootConfig.Grub2;

/// <content>Running scripts and statements, with the flags that grub-core/script/execute.c keeps.</content>
internal sealed partial class GrubMachine
{
    private int _nesting;
    private bool _isContinue;
    private ulong _activeLoops;
    private ulong _activeBreaks;
    private bool _functionReturn;
    private int _extractors;
    private readonly List<string> _running = [];

    /// <summary>
    /// Runs a configuration file in this context (read_config_file): what stands before a syntax error has run, and
    /// reading goes on behind it.
    /// </summary>
    /// <param name="name">Its name with its device: for messages, and $config_file.</param>
    /// <param name="content">Its text.</param>
    public void RunConfig(string name, string content)
    {
        string? oldFile = Environment.Get("config_file");
        string? oldDirectory = Environment.Get("config_directory");
        SetConfigVariables(name, name.LastIndexOf('/') is >= 0 and int slash ? name[..slash] : name);
        RunUnits(ScriptSource.FromFile(name, content), endsAtSyntaxError: false);
        PrintError();
        SetConfigVariables(oldFile, oldDirectory);
    }

    /// <summary>Runs text, as an entry's body or eval's words (grub_script_execute_sourcecode): a syntax error ends it.</summary>
    public GrubError RunText(ScriptSource source) => RunUnits(source, endsAtSyntaxError: true);

    /// <summary>Runs something in a new context, and gives the menu that it made.</summary>
    public GrubMenu InContext(bool exportAll, Action body)
    {
        GrubEnvironment outer = Environment;
        GrubMenu outerMenu = _menu;
        Environment = outer.Inherit(exportAll);
        _menu = new GrubMenu();
        body();
        GrubMenu made = _menu;
        Environment = outer;
        _menu = outerMenu;
        return made;
    }

    /// <summary>Opens a context that is never closed: a submenu's.</summary>
    public void EnterContext()
    {
        Environment = Environment.Inherit(all: false);
        _menu = new GrubMenu();
    }

    /// <summary>While it runs, only commands that extract entries are allowed.</summary>
    public void InExtractor(Action body)
    {
        _extractors++;
        body();
        _extractors--;
    }

    /// <summary>break and continue.</summary>
    public void Break(ulong count, bool isContinue)
    {
        _isContinue = isContinue;
        _activeBreaks = Math.Min(count, _activeLoops);
    }

    public void Return() => _functionReturn = true;

    private void SetConfigVariables(string? file, string? directory)
    {
        foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)[("config_file", file), ("config_directory", directory)])
        {
            if (value is null)
            {
                Environment.Unset(name);
            }
            else
            {
                SetVariable(name, value, new ScriptPosition(value, 1, 1));
                Environment.Export(name);
            }
        }
    }

    private GrubError RunUnits(ScriptSource source, bool endsAtSyntaxError)
    {
        ScriptParser parser = new(new ScriptLexer(source, Charge), Options.Limits.ParserNesting);
        GrubError result = GrubError.None;
        while (parser.NextUnit())
        {
            if (!endsAtSyntaxError)
            {
                PrintError();
            }

            StatementList? unit = ParseUnit(parser);
            foreach (FunctionDefinition function in parser.Functions)
            {
                DefineFunction(function);
            }

            if (unit is null && endsAtSyntaxError)
            {
                return GrubError.None; // The number was given back when the message was printed.
            }

            result = unit is { Statements.Count: > 0 } ? Execute(unit) : result; // A line without a command changes nothing.
        }

        return result;
    }

    /// <summary>A function that is running keeps its body, and the message comes with the next command.</summary>
    private void DefineFunction(FunctionDefinition function)
    {
        if (_running.Contains(function.Name))
        {
            Fail(GrubError.BadArgument, "attempt to redefine a function being executed", _commandPosition);
            return;
        }

        _functions[function.Name] = function.Body;
    }

    private StatementList? ParseUnit(ScriptParser parser)
    {
        try
        {
            return parser.ParseUnit();
        }
        catch (ScriptSyntaxException e)
        {
            PrintError();
            Fail(GrubError.InvalidCommand, e.Message, e.Position);
            PrintError();
            return null;
        }
    }

    /// <summary>grub_script_execute_cmd: the number of what ran goes to $?.</summary>
    private GrubError Execute(Statement? statement)
    {
        if (statement is null)
        {
            return GrubError.None;
        }

        // As GRUB 2.14, which doesn't count down again where it refuses: after one endless recursion the next ends sooner.
        if (++_nesting >= Options.Limits.Nesting)
        {
            return Fail(GrubError.RecursionDepth, "maximum recursion depth exceeded", _commandPosition);
        }

        GrubError result = statement switch
        {
            CommandLine line => ExecuteLine(line),
            StatementList list => ExecuteList(list),
            IfStatement conditional => ExecuteIf(conditional),
            ForStatement loop => ExecuteFor(loop),
            WhileStatement loop => ExecuteWhile(loop),
            _ => GrubError.None,
        };
        _nesting--;
        SetStatus(result);
        return result;
    }

    private void SetStatus(GrubError result) => Environment.Set("?", ((int)result).ToString(CultureInfo.InvariantCulture));

    private GrubError ExecuteList(StatementList list)
    {
        GrubError result = GrubError.None;
        foreach (Statement statement in list.Statements)
        {
            if (_activeBreaks > 0)
            {
                break;
            }

            result = Execute(statement);
            if (_functionReturn)
            {
                break;
            }
        }

        return result;
    }

    private GrubError ExecuteIf(IfStatement conditional)
    {
        GrubError result = Execute(conditional.Condition);
        if (_functionReturn)
        {
            return result;
        }

        bool isTrue = Environment.Get("?") == "0";
        ClearError();
        return Execute(isTrue ? conditional.Then : conditional.Else);
    }

    private GrubError ExecuteFor(ForStatement loop)
    {
        if (loop.Words.Count == 0)
        {
            return _error; // not the loop's own: one that is still to be printed, or none
        }

        List<string> words = WordExpander.Expand(this, loop.Words, loop.Position);
        _activeLoops++;
        GrubError result = GrubError.None;
        foreach (string word in words)
        {
            Charge(word.Length, loop.Position);
            if (_isContinue && _activeBreaks == 1)
            {
                _activeBreaks = 0;
            }

            if (_activeBreaks == 0)
            {
                SetVariable(loop.Name, word, loop.Position);
                result = Execute(loop.Body);
                if (_functionReturn)
                {
                    break;
                }
            }
        }

        EndLoop();
        return result;
    }

    private GrubError ExecuteWhile(WhileStatement loop)
    {
        _activeLoops++;
        GrubError result;
        while (true)
        {
            Charge(0, loop.Position);
            result = Execute(loop.Condition);
            bool ends = loop.Until ? result == GrubError.None : result != GrubError.None;
            if (_functionReturn || ends)
            {
                break;
            }

            result = Execute(loop.Body);
            if (_functionReturn)
            {
                break;
            }

            if (_activeBreaks == 1 && _isContinue)
            {
                _activeBreaks = 0;
            }

            if (_activeBreaks > 0)
            {
                break;
            }
        }

        EndLoop();
        return result;
    }

    private void EndLoop()
    {
        if (_activeBreaks > 0)
        {
            _activeBreaks--;
        }

        _activeLoops--;
    }
}
