namespace BlockRbd.BootConfig;

/// <summary>A session at a loader's own command line. What one command sets the next one finds.</summary>
public interface ILoaderPrompt
{
    /// <summary>Runs a line.</summary>
    /// <exception cref="BootConfigException">A limit is reached: the session is over.</exception>
    PromptAnswer Run(string line);
}

/// <summary>What came of a line.</summary>
/// <param name="Text">What the loader prints, errors among it; lines end with a newline. A character for each byte.</param>
/// <param name="Boots">What is booted now; null where the prompt goes on.</param>
/// <param name="Entries">The menu that is shown now; null where the prompt goes on.</param>
public sealed record PromptAnswer(string Text, BootEntry? Boots = null, IReadOnlyList<BootEntry>? Entries = null);
