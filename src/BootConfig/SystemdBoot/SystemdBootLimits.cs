namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>Named ceilings for what a guest's loader directory may make us do.</summary>
internal static class SystemdBootLimits
{
    /// <summary>Bytes of loader.conf or of one entry file.</summary>
    public const int MaxConfigBytes = 1 << 20;

    /// <summary>Bytes of all entry files together.</summary>
    public const int MaxTotalBytes = 16 << 20;

    /// <summary>Entry files and unified images in all, and lines of one entry file that count.</summary>
    public const int MaxEntries = 2048;

    /// <summary>Complaints that are kept.</summary>
    public const int MaxWarnings = 100;
}
