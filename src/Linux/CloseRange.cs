namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>linux/close_range.h: not closed now but when another program is started.</summary>
    public const int CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>close_range(2), since Linux 5.11 with the flag.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    public static int CloseRange(uint first, uint last, int flags) => (int)Syscall(SYS_close_range, (nint)first, (nint)last, flags, 0);
}
