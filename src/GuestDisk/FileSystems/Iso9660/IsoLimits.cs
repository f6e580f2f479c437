namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>Ceilings of the ISO 9660 reader. "ECMA-119" is the standard's free edition, "SUSP" IEEE P1281, "RRIP" IEEE P1282 (Rock Ridge).</summary>
internal static class IsoLimits
{
    /// <summary>Descriptors looked at before one ends them. Linux' isofs_fill_super stops before sector 100.</summary>
    public const int MaxDescriptors = 84;

    /// <summary>Bytes of a directory: <see cref="Limits.MaxDirectoryEntries"/> of the usual length.</summary>
    public const long MaxDirectoryBytes = 512L << 20;

    /// <summary>File sections of a file, each of almost 4 GiB at most. Linux takes 100.</summary>
    public const int MaxSections = 1024;

    /// <summary>Continuation areas of one directory record. Linux: RR_MAX_CE_ENTRIES.</summary>
    public const int MaxContinuations = 32;

    /// <summary>A continuation area lies in one logical sector (SUSP 5.1).</summary>
    public const int MaxContinuationBytes = 2048;

    /// <summary>Bytes of a name. Linux: NAME_MAX.</summary>
    public const int MaxNameBytes = 255;

    /// <summary>Block sizes of zisofs are 2^15 to 2^17; of its second version up to 2^20.</summary>
    public const int MinZisofsShift = 15;

    /// <summary>The same of version 2.</summary>
    public const int MaxZisofsShift = 20;
}
