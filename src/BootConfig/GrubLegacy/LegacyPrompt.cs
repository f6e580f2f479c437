namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>GRUB legacy's command line: lines add up to an entry that <c>boot</c> starts. A line that fails doesn't count.</summary>
/// <param name="menu">The menu.</param>
internal sealed class LegacyPrompt(LegacyMenu menu) : ILoaderPrompt
{
    private readonly List<LegacyLine> _lines = [];

    /// <inheritdoc/>
    public PromptAnswer Run(string line)
    {
        if (_lines.Count == LegacyLimits.MaxPromptLines)
        {
            throw new BootConfigException($"more than {LegacyLimits.MaxPromptLines} commands");
        }

        LegacyLine[] read = [.. LegacyLine.Read(line)];
        LegacyEntry entry = new(menu, new LegacyStanza("command line", 0, [.. _lines, .. read]), "-");
        if (entry.IsSubmenu)
        {
            return new PromptAnswer(string.Empty, Entries: entry.Children);
        }

        if (read is [{ Command: "boot" }])
        {
            return new PromptAnswer(string.Empty, Boots: entry);
        }

        try
        {
            _ = entry.Plan();
            _lines.AddRange(read);
            return new PromptAnswer(string.Empty);
        }
        catch (BootConfigException e)
        {
            return new PromptAnswer($"Error: {GuestText.FromShown(e.Message)}\n");
        }
    }
}
