namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>Named ceilings for what a guest's menu.lst may make us do.</summary>
internal static class LegacyLimits
{
    /// <summary>Bytes of one menu file.</summary>
    public const int MaxConfigBytes = 1 << 20;

    /// <summary>Bytes of the file "default" beside it: Debian's holds a number and nine lines of warning.</summary>
    public const int MaxDefaultFileBytes = 64 << 10;

    /// <summary>Entries of one menu.</summary>
    public const int MaxEntries = 4096;

    /// <summary>Menus inside menus through <c>configfile</c>: files that name each other end here.</summary>
    public const int MaxConfigDepth = 8;

    /// <summary>Menu files read in all: entries that each name the same file end here.</summary>
    public const int MaxMenus = 64;

    /// <summary>Entries in <c>fallback</c>. GRUB 0.97: MAX_FALLBACK_ENTRIES.</summary>
    public const int MaxFallbacks = 8;

    /// <summary>Commands of one session at the command line.</summary>
    public const int MaxPromptLines = 256;

    /// <summary>Complaints that are kept.</summary>
    public const int MaxWarnings = 100;
}
