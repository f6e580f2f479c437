using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    // linux/prctl.h
    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_SET_NO_NEW_PRIVS = 38;

    /// <summary>prctl(2).</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int PrCtl(int operation, nuint a, nuint b, nuint c, nuint d);
}
