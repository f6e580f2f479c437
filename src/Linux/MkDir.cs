using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>mkdir(2): makes one directory.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MkDir(string path, uint mode);
}
