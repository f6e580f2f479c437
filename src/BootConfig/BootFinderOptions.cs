namespace BlockRbd.BootConfig;

/// <summary>How a configuration is looked for.</summary>
public sealed record BootFinderOptions
{
    /// <summary>Whether the search goes on after one was taken, so that <see cref="BootSearch.Looked"/> names everything that is there.</summary>
    public bool LookEverywhere { get; init; }
}
