namespace BlockRbd.BootConfig.Grub2;

/// <content>Simple commands: GRUB's own first, then functions, then assignments.</content>
internal sealed partial class GrubMachine
{
    private ScriptPosition _commandPosition;

    private GrubError ExecuteLine(CommandLine line)
    {
        _commandPosition = line.Position;
        Charge(0, line.Position);
        List<string> words = WordExpander.Expand(this, line.Words, line.Position);
        if (words.Count == 0)
        {
            return _error;
        }

        bool inverts = words[0] == "!";
        if (inverts && words.Count == 1)
        {
            return Fail(GrubError.BadArgument, "no command is specified", line.Position);
        }

        int skip = inverts ? 1 : 0;
        ScriptSource? block = line.Words[^1].Parts is [{ Kind: WordPartKind.Block } part] ? part.Block : null;
        CommandCall call = new(words[skip], words[(skip + 1)..], block, line.Position);
        GrubError result;
        if (CommandTable.Find(call.Name) is { } command)
        {
            result = _extractors > 0 && !CommandTable.IsAllowedInExtractor(call.Name)
                ? Fail(GrubError.Extractor, $"{GuestText.Display(call.Name)} isn't allowed to execute in an extractor", call)
                : command(this, call);
        }
        else
        {
            ClearError(); // An error that was still to be printed (a lone "!") is forgotten where a name is no command's.
            if (!_functions.TryGetValue(call.Name, out Statement? function))
            {
                Assign(call);
                return GrubError.None; // An unknown command counts as one that succeeded.
            }

            result = CallFunction(call.Name, function, call.Arguments);
        }

        return FinishLine(inverts ? Invert(result, line.Position) : result);
    }

    private GrubError FinishLine(GrubError result)
    {
        if (_error == GrubError.TestFailure)
        {
            ClearError();
        }

        PrintError();
        SetStatus(result);
        return result;
    }

    private GrubError Invert(GrubError result, ScriptPosition position)
    {
        switch (result)
        {
            case GrubError.TestFailure:
                ClearError();
                return GrubError.None;
            case GrubError.None:
                return Fail(GrubError.TestFailure, "false", position);
            default:
                PrintError();
                return GrubError.None;
        }
    }

    private GrubError CallFunction(string name, Statement body, IReadOnlyList<string> arguments)
    {
        ulong loops = _activeLoops;
        GrubScope? outer = Scope;
        _activeLoops = 0;
        Scope = new GrubScope(arguments);
        _running.Add(name);
        GrubError result = Execute(body);
        _running.RemoveAt(_running.Count - 1);
        _functionReturn = false;
        _activeLoops = loops;
        Scope = outer;
        return result;
    }

    /// <summary>NAME=VALUE; words behind it are dropped.</summary>
    private void Assign(CommandCall call)
    {
        int equals = call.Name.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            Fail(GrubError.UnknownCommand, $"can't find command `{GuestText.Display(call.Name)}'", call);
        }
        else if (IsSpecial(call.Name[..equals]))
        {
            Fail(GrubError.BadArgument, $"invalid variable name `{GuestText.Display(call.Name[..equals])}'", call);
        }
        else
        {
            ClearError();
            SetVariable(call.Name[..equals], call.Name[(equals + 1)..], call.Position);
        }

        PrintError();
    }
}
