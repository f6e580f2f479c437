using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>fsync(2), of a file or a directory.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "fsync", SetLastError = true)]
    public static partial int FSync(SafeFileHandle fd);
}
