namespace BlockRbd.Mapper;

/// <summary>How the program ends. The numbers are a promise: the manual page lists them. libxl only looks whether it is 0.</summary>
public enum ExitCode
{
    /// <summary>Done, or there was nothing to do.</summary>
    Ok = 0,

    /// <summary>The command line, the target or the configuration can't be used.</summary>
    Usage = 1,

    /// <summary>No such pool, namespace, image, snapshot, domain or record.</summary>
    NotFound = 2,

    /// <summary>Refused because somebody else uses the image; the message names them.</summary>
    InUse = 3,

    /// <summary>Refused for what the image or the host is: a feature, the mirroring state, a snapshot asked for writing, no kernel module.</summary>
    Unsupported = 4,

    /// <summary>The cluster or the host doesn't allow it: key, capabilities, not root.</summary>
    Denied = 5,

    /// <summary>The cluster, xenstore or a child didn't answer by the deadline.</summary>
    Timeout = 6,

    /// <summary>The cluster, xenstore or the kernel answered with an error.</summary>
    Failed = 7,

    /// <summary>Something is left that couldn't be let go of: a busy device, a lock in a cluster that is away. `recover` tries again.</summary>
    Left = 8,

    /// <summary>`status` or `check` found something that doesn't fit.</summary>
    Problems = 9,

    /// <summary>A defect of the program.</summary>
    Internal = 70,

    /// <summary>Ended by a signal, after undoing what was done: 128 and the signal's number.</summary>
    Signal = 128,
}
