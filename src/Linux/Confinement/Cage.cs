namespace BlockRbd.Linux.Confinement;

/// <summary>Takes rights away, in two steps: what a child inherits from the thread that starts it, and what a process takes from itself.</summary>
/// <remarks>
/// Namespaces and Landlock hold for one thread, and the runtime has threads of its own. So they are put on a thread that exists only to start the child,
/// which has them in all of its threads, and nothing of them stays here. A uid and a system call filter reach all threads of a running process.
/// </remarks>
public static class Cage
{
    /// <summary>Every layer there is.</summary>
    public const ConfinementLayers All = ConfinementLayers.User | ConfinementLayers.Mounts | ConfinementLayers.Network | ConfinementLayers.Ipc
        | ConfinementLayers.Landlock | ConfinementLayers.NoNewPrivileges | ConfinementLayers.Limits | ConfinementLayers.SystemCalls;

    private const ulong MaxOpenFiles = 64;

    // The collector's own tables and the program's data, beside what is allowed for a guest.
    private const ulong RuntimeBytes = 128 << 20;

    /// <summary>Whether this build can be confined: not one that compiles as it runs, which needs memory that can be written and run, and its libraries' files.</summary>
    /// <remarks>Only a host that starts such a build tells where these are; RuntimeFeature says what the project file wants, not what runs.</remarks>
    public static bool IsPossible => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    /// <summary>Runs <paramref name="start"/>, which starts a child, on a thread of its own behind what can be put on it.</summary>
    /// <param name="start">Gets the layers in force and the path of this program as it is to be started there.</param>
    /// <returns>What it returned.</returns>
    public static T StartBehind<T>(Func<ConfinementLayers, string, T> start)
    {
        if (!IsPossible)
        {
            return start(ConfinementLayers.None, "/proc/self/exe");
        }

        ProgramFiles files = ProgramFiles.Own();
        TaskCompletionSource<T> started = new();
        Thread thread = new(() =>
        {
            try
            {
                started.SetResult(start(EnterThread(files), files.Program));
            }
            catch (Exception e) // whatever it is, it is the caller's
            {
                started.SetException(e);
            }

            Thread.Sleep(Timeout.Infinite); // prctl(2): PR_SET_PDEATHSIG is for the end of the thread that started the child, which is to be the end of this process
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Takes the rest from this process, and Landlock's rights from this thread. The collector's threads must have started.</summary>
    /// <param name="maxFileBytes">Bytes of a file that it may write.</param>
    /// <param name="maxMemoryBytes">Bytes of memory for its work.</param>
    /// <param name="maxSeconds">Seconds of processor time.</param>
    /// <returns>The layers in force.</returns>
    public static ConfinementLayers EnterProcess(long maxFileBytes, long maxMemoryBytes, int maxSeconds)
    {
        // A thread of the runtime that has not run yet would make system calls that the filter kills for. Seen in half of all runs without this.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ConfinementLayers layers = ConfinementLayers.None;
        if (SetLimits((ulong)maxFileBytes, (ulong)maxMemoryBytes + RuntimeBytes, (ulong)maxSeconds))
        {
            layers |= ConfinementLayers.Limits;
        }

        if (Libc.PrCtl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        {
            layers |= ConfinementLayers.NoNewPrivileges;
        }

        if (LandlockRules.Apply([]))
        {
            layers |= ConfinementLayers.Landlock;
        }

        return SystemCallFilter.IsKnownHere && SystemCallFilter.Apply() ? layers | ConfinementLayers.SystemCalls : layers;
    }

    private static ConfinementLayers EnterThread(ProgramFiles files)
    {
        ConfinementLayers layers = ConfinementLayers.None;
        if (Libc.Unshare(Libc.CLONE_NEWNET) == 0)
        {
            layers |= ConfinementLayers.Network;
        }

        if (Libc.Unshare(Libc.CLONE_NEWIPC) == 0)
        {
            layers |= ConfinementLayers.Ipc;
        }

        if (Libc.Unshare(Libc.CLONE_NEWNS) == 0 && EmptyRoot.Enter(files))
        {
            layers |= ConfinementLayers.Mounts;
        }

        return Libc.PrCtl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && LandlockRules.Apply(files.All) ? layers | ConfinementLayers.Landlock : layers;
    }

    private static bool SetLimits(ulong maxFileBytes, ulong maxDataBytes, ulong maxSeconds) =>
        Libc.SetRLimit(Libc.RLIMIT_CORE, 0) == 0 // no copy of a guest's bytes in a core file
        && Libc.SetRLimit(Libc.RLIMIT_NPROC, 0) == 0
        && Libc.SetRLimit(Libc.RLIMIT_MEMLOCK, 0) == 0
        && Libc.SetRLimit(Libc.RLIMIT_MSGQUEUE, 0) == 0
        && Libc.SetRLimit(Libc.RLIMIT_NOFILE, MaxOpenFiles) == 0
        && Libc.SetRLimit(Libc.RLIMIT_FSIZE, maxFileBytes) == 0
        && Libc.SetRLimit(Libc.RLIMIT_DATA, maxDataBytes) == 0
        && Libc.SetRLimit(Libc.RLIMIT_CPU, maxSeconds) == 0;
}
