using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    /// <summary>flock(2). The lock belongs to the open file: children that inherit the descriptor hold it as well, until the last one ends.</summary>
    /// <returns>0, or -1 with errno; EAGAIN where another holds it and LOCK_NB was given.</returns>
    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int FLock(SafeFileHandle fd, int operation);
}
