namespace BlockRbd.MenuLstGen;

/// <summary>How the program ends. The numbers are a promise: the manual page lists them.</summary>
internal enum ExitCode
{
    /// <summary>Done; with --check, nothing was found that PV-GRUB can't do.</summary>
    Ok = 0,

    /// <summary>The command line can't be used.</summary>
    Usage = 1,

    /// <summary>No disk, no boot configuration, no such entry, or none that can be written.</summary>
    NotFound = 2,

    /// <summary>The guest uses something that is not supported here.</summary>
    Unsupported = 3,

    /// <summary>The guest's disk or boot configuration contradicts itself.</summary>
    Corrupt = 4,

    /// <summary>A limit would be passed.</summary>
    OverLimit = 5,

    /// <summary>The host can't read a disk or directory.</summary>
    InputError = 6,

    /// <summary>The output can't be written. A file that was there is as it was.</summary>
    OutputError = 7,

    /// <summary>--require-confinement, and a layer of it is not to be had here.</summary>
    Privileges = 8,

    /// <summary>With --check: something was found that PV-GRUB can't do.</summary>
    Findings = 9,

    /// <summary>A defect of the program.</summary>
    Internal = 70,

    /// <summary>Ended by a signal: 128 and the signal's number.</summary>
    Signal = 128,
}
