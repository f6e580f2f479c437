namespace BlockRbd.BootConfig.Syslinux;

/// <summary>Named ceilings for what a guest's SYSLINUX configuration may make us do.</summary>
internal static class SyslinuxLimits
{
    /// <summary>Bytes of one file.</summary>
    public const int MaxConfigBytes = 1 << 20;

    /// <summary>Files read in all, included ones and other configurations alike: files that name each other end here.</summary>
    public const int MaxFiles = 256;

    /// <summary>Bytes of all files together.</summary>
    public const int MaxTotalBytes = 8 << 20;

    /// <summary>INCLUDE inside INCLUDE, or one configuration behind another.</summary>
    public const int MaxDepth = 16;

    /// <summary>MENU BEGIN inside MENU BEGIN.</summary>
    public const int MaxMenuDepth = 16;

    /// <summary>Labels and submenus in all.</summary>
    public const int MaxEntries = 4096;

    /// <summary>Complaints that are kept.</summary>
    public const int MaxWarnings = 100;
}
