namespace BlockRbd.BootConfig.Grub2;

/// <content>
/// GRUB's error number. A command that fails sets it and is done; the message is printed when the command line ends,
/// which is why one failure gives one message and why some come late.
/// </content>
internal sealed partial class GrubMachine
{
    private GrubError _error;
    private string _errorText = "";
    private ScriptPosition _errorPosition;

    /// <summary>grub_errno.</summary>
    public GrubError Error => _error;

    /// <summary>Sets the error; the last one wins.</summary>
    public GrubError Fail(GrubError error, string text, ScriptPosition position)
    {
        _error = error;
        _errorText = text;
        _errorPosition = position;
        return error;
    }

    public GrubError Fail(GrubError error, string text, CommandCall call) => Fail(error, text, call.Position);

    /// <summary>Sets the error for something that GRUB can do and this program can't; an entry that meets it says so first.</summary>
    public GrubError FailUnsupported(CommandCall call, string text)
    {
        LoaderErrors.Insert(0, $"{call.Position}: {text}");
        return Fail(GrubError.NotImplementedYet, text, call);
    }

    /// <summary>Sets the error of a command that loads something.</summary>
    public GrubError FailLoader(GrubError error, string text, CommandCall call)
    {
        LoaderErrors.Add($"{call.Position}: {text}");
        return Fail(error, text, call);
    }

    /// <summary>Notes the error that there is as one of a command that loads something.</summary>
    public GrubError KeepLoaderError(CommandCall call)
    {
        LoaderErrors.Add($"{call.Position}: {_errorText}");
        return _error;
    }

    /// <summary>Makes the error a warning where GRUB would drop it silently.</summary>
    public void WarnOfError(string what)
    {
        _messages.Add($"{_errorPosition}: {what}: {_errorText}");
        _error = GrubError.None;
    }

    public void ClearError() => _error = GrubError.None;

    /// <summary>Prints the error, if there is one, and forgets it.</summary>
    private void PrintError()
    {
        if (_error == GrubError.None)
        {
            return;
        }

        _messages.Add($"{_errorPosition}: {_errorText}");
        Options.ErrorOutput?.Invoke(_errorText);
        _error = GrubError.None;
    }
}
