namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>What all menus have in common that <c>configfile</c> joins to one.</summary>
/// <param name="host">The guest's volumes.</param>
internal sealed class LegacySession(IBootHost host)
{
    private readonly List<string> _warnings = [];

    /// <summary>The guest's volumes.</summary>
    public IBootHost Host { get; } = host;

    /// <summary>Menu files read so far.</summary>
    public int Menus { get; set; }

    /// <summary>Complaints so far; running an entry may add some.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Keeps a complaint, once, up to <see cref="LegacyLimits.MaxWarnings"/>.</summary>
    public void Warn(string sentence)
    {
        if (_warnings.Count < LegacyLimits.MaxWarnings && !_warnings.Contains(sentence))
        {
            _warnings.Add(sentence);
        }
    }
}
