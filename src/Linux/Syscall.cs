using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    // asm/unistd_64.h; the last four have the same number on every architecture.
    public const nint SYS_pivot_root = 155;
    public const nint SYS_seccomp = 317;
    public const nint SYS_close_range = 436;
    public const nint SYS_landlock_create_ruleset = 444;
    public const nint SYS_landlock_add_rule = 445;
    public const nint SYS_landlock_restrict_self = 446;

    /// <summary>syscall(2), for what the C library has no function.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint a, nint b, nint c, nint d);
}
