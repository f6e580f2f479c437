using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>_exit(2): ends the process at once, whatever its other threads are blocked in.</summary>
    [DoesNotReturn]
    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void ExitNow(int status);
}
