namespace BlockRbd.Linux.Confinement;

/// <summary>What may stand between a process that reads hostile bytes and the host. Each one alone stops most of it.</summary>
[Flags]
public enum ConfinementLayers
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A uid and gid of its own, no other groups, no capabilities.</summary>
    User = 1,

    /// <summary>A mount namespace that holds its program and libraries alone.</summary>
    Mounts = 2,

    /// <summary>A network namespace without any device.</summary>
    Network = 4,

    /// <summary>An IPC namespace.</summary>
    Ipc = 8,

    /// <summary>Landlock: no file, no TCP port.</summary>
    Landlock = 16,

    /// <summary>Nothing it could start has more rights.</summary>
    NoNewPrivileges = 32,

    /// <summary>Resource limits.</summary>
    Limits = 64,

    /// <summary>Of the system calls those that reading needs.</summary>
    SystemCalls = 128,
}
