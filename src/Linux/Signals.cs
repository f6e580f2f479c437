using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGPIPE = 13;
    public const int SIGALRM = 14;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17; // asm-generic's, as the next two
    public const int SIGSYS = 31;
    public const int SIGXFSZ = 25;

    /// <summary>What a signal does where nobody says otherwise.</summary>
    public const nint SIG_DFL = 0;

    /// <summary>A handler that leaves a signal without effect.</summary>
    public const nint SIG_IGN = 1;

    /// <summary>signal(2), for <see cref="SIG_IGN"/> and <see cref="SIG_DFL"/> only: no managed code can be a handler.</summary>
    [LibraryImport(Library, EntryPoint = "signal", SetLastError = true)]
    public static partial nint Signal(int signum, nint handler);

    /// <summary>alarm(2): SIGALRM after that many seconds.</summary>
    [LibraryImport(Library, EntryPoint = "alarm")]
    public static partial uint Alarm(uint seconds);

    /// <summary>kill(2).</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int sig);
}
