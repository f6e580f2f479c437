using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>waitpid(2).</summary>
    /// <param name="pid">The child.</param>
    /// <param name="status">Low seven bits: the signal that ended it, or 0 and its exit code in the next byte.</param>
    /// <param name="options">0 to wait.</param>
    /// <returns>The child's number, or -1 with errno.</returns>
    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, out int status, int options);
}
