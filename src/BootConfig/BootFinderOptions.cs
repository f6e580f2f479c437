using BlockRbd.BootConfig.Grub2;

namespace BlockRbd.BootConfig;

/// <summary>How a configuration is looked for.</summary>
public sealed record BootFinderOptions
{
    /// <summary>What the GRUB is like that runs a grub.cfg; null for a PC's.</summary>
    public Grub2Options? Grub2 { get; init; }

    /// <summary>Whether the search goes on after one was taken, so that <see cref="BootSearch.Looked"/> names everything that is there.</summary>
    public bool LookEverywhere { get; init; }
}
