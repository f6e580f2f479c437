using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const int F_SETFD = 2;
    public const int F_SETFL = 4;

    /// <summary>fcntl(2) with a number as its argument.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FCntl(SafeFileHandle fd, int operation, nint argument);
}
