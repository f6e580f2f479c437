using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    // asm-generic/resource.h
    public const int RLIMIT_CPU = 0;
    public const int RLIMIT_FSIZE = 1;
    public const int RLIMIT_DATA = 2;
    public const int RLIMIT_CORE = 4;
    public const int RLIMIT_NPROC = 6;
    public const int RLIMIT_NOFILE = 7;
    public const int RLIMIT_MEMLOCK = 8;
    public const int RLIMIT_MSGQUEUE = 12;

    /// <summary>setrlimit(2), the limit and its ceiling at once.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    public static int SetRLimit(int resource, ulong limit) => SetRLimit(resource, [limit, limit]); // struct rlimit: rlim_cur, rlim_max

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetRLimit(int resource, ReadOnlySpan<ulong> limits);
}
