using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>open(2) with a mode, for a file that it may make.</summary>
    /// <returns>A file descriptor, or -1 with errno.</returns>
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenCreate(string path, int flags, uint mode);
}
