namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>Ceilings of the exFAT reader. "exFAT" with a section is Microsoft's exFAT file system specification, revision 1.00.</summary>
internal static class ExFatLimits
{
    /// <summary>Least BytesPerSectorShift (exFAT 3.1.14).</summary>
    public const int MinSectorShift = 9;

    /// <summary>Largest BytesPerSectorShift (exFAT 3.1.14).</summary>
    public const int MaxSectorShift = 12;

    /// <summary>BytesPerSectorShift and SectorsPerClusterShift together: clusters of 32 MiB (exFAT 3.1.15).</summary>
    public const int MaxClusterShift = 25;

    /// <summary>2^32-11 (exFAT 3.1.9).</summary>
    public const uint MaxClusters = 0xFFFFFFF5;

    /// <summary>256 MiB (exFAT 6.1 and 7.4).</summary>
    public const long MaxDirectoryBytes = 256 << 20;

    /// <summary>A mapping for each of 65536 characters (exFAT 7.2.5).</summary>
    public const int MaxUpcaseBytes = 65536 * 2;

    /// <summary>Entries behind a file's own: its stream and 17 of its name (exFAT 7.4.2).</summary>
    public const int MaxSecondaries = 18;

    /// <summary>Characters (UTF-16) of a name (exFAT 7.6.3).</summary>
    public const int MaxNameUnits = 255;

    /// <summary>Characters (UTF-16) of a label (exFAT 7.3.2).</summary>
    public const int MaxLabelUnits = 11;

    /// <summary>Bytes of a directory read with one call.</summary>
    public const int DirectoryWindowBytes = 4096;
}
