using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>
    /// Has children stay until they are waited for. Whoever ignores SIGCHLD has its programs ignore it as well, and then the kernel forgets a
    /// child with its exit code as soon as it ends (waitpid(2), NOTES). For a program's beginning: the runtime may have a handler of its own later.
    /// </summary>
    public static void HeedChildren() => _ = Signal(SIGCHLD, SIG_DFL);

    /// <summary>waitpid(2).</summary>
    /// <param name="pid">The child.</param>
    /// <param name="status">Low seven bits: the signal that ended it, or 0 and its exit code in the next byte.</param>
    /// <param name="options">0 to wait.</param>
    /// <returns>The child's number, or -1 with errno.</returns>
    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);
}
