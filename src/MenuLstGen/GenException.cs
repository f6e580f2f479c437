namespace BlockRbd.MenuLstGen;

/// <summary>The program can't do what it was asked for. The message is one line: what, where and what to do.</summary>
/// <param name="code">How the program ends.</param>
/// <param name="message">The line; a guest's text in it is already escaped.</param>
/// <param name="inner">What it comes from.</param>
internal sealed class GenException(ExitCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How the program ends.</summary>
    public ExitCode Code { get; } = code;
}
