using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>renameat(2): gives a file another name, in place of whatever has that name.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(SafeFileHandle olddirfd, string oldpath, SafeFileHandle newdirfd, string newpath);
}
