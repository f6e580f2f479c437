using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    // linux/sched.h
    public const int CLONE_NEWNS = 0x0002_0000;
    public const int CLONE_NEWIPC = 0x0800_0000;
    public const int CLONE_NEWNET = 0x4000_0000;

    /// <summary>unshare(2): the calling thread's, and nobody else's.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);
}
