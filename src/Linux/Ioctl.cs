using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    // linux/fs.h
    public const uint BLKSSZGET = 0x1268;
    public const uint BLKGETSIZE64 = 0x80081272;

    /// <summary>ioctl(2) that fills an int.</summary>
    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(SafeFileHandle fd, nuint request, out int value);

    /// <summary>ioctl(2) that fills a 64-bit number.</summary>
    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(SafeFileHandle fd, nuint request, out ulong value);
}
