namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>Named ceilings for what a guest's entries directory may make us do.</summary>
internal static class BlsLimits
{
    /// <summary>Bytes of one entry file. Red Hat's blscfg passes over larger ones.</summary>
    public const int MaxEntryBytes = 1 << 20;

    /// <summary>Bytes of all entry files of one directory together.</summary>
    public const int MaxDirectoryBytes = 16 << 20;

    /// <summary>Entry files in one directory: they are put in order by insertion, so the work grows with the square.</summary>
    public const int MaxEntries = 2048;

    /// <summary>Keys in one entry file. GRUB 2.14: BLSUKI_KEYVALS_MAX.</summary>
    public const int MaxFields = 10_000;
}
