using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>unlinkat(2): removes a name from an open directory.</summary>
    /// <param name="dirfd">The directory.</param>
    /// <param name="path">The name in it.</param>
    /// <param name="flags">0 for a file.</param>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(SafeFileHandle dirfd, string path, int flags);
}
