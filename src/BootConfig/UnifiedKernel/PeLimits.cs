namespace BlockRbd.BootConfig.UnifiedKernel;

/// <summary>Named ceilings for what a guest's PE file may make us do.</summary>
internal static class PeLimits
{
    /// <summary>Sections of one file. systemd, src/boot/pe.c: MAX_SECTIONS, and the PE specification's own bound for an image.</summary>
    public const int MaxSections = 96;

    /// <summary>Bytes of a section that is read as text: .cmdline, .osrel, .uname, .profile.</summary>
    public const int MaxTextBytes = 64 << 10;

    /// <summary>Arguments, ramdisks and microcode that add-ons of one image may bring.</summary>
    public const int MaxAddonParts = 256;
}
