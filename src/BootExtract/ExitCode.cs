namespace BlockRbd.BootExtract;

/// <summary>How the program ends. The numbers are a promise: the manual page lists them.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>The command line or a PYGRUB_ variable can't be used; also 1 in pygrub.</summary>
    Usage = 1,

    /// <summary>No disk, no filesystem, no boot configuration, no such entry or file, or an entry that boots no Linux.</summary>
    NotFound = 2,

    /// <summary>The guest uses something that is not supported here.</summary>
    Unsupported = 3,

    /// <summary>The guest's disk or boot configuration contradicts itself.</summary>
    Corrupt = 4,

    /// <summary>A limit on file size, memory or time would be passed.</summary>
    OverLimit = 5,

    /// <summary>The host, or its cluster, can't read a disk.</summary>
    InputError = 6,

    /// <summary>The output can't be made or written, or nobody reads it.</summary>
    OutputError = 7,

    /// <summary>The uid of --runas can't be taken, or can't be given a disk.</summary>
    Privileges = 8,

    /// <summary>The kernel can't be started as --type says.</summary>
    WrongType = 9,

    /// <summary>A defect of the program.</summary>
    Internal = 70,

    /// <summary>Ended by a signal: 128 and the signal's number.</summary>
    Signal = 128,
}
