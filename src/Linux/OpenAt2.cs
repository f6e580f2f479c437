using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const int O_PATH = 0x200000;

    public const ulong RESOLVE_NO_XDEV = 0x01;
    public const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    public const ulong RESOLVE_IN_ROOT = 0x10;

    private const long OpenAt2Number = 437; // the same on every architecture

    /// <summary>openat2(2), which glibc has no function for: opens below a directory with rules for the way there. Linux 5.6.</summary>
    /// <param name="dirfd">The directory.</param>
    /// <param name="path">The path's bytes, whatever their encoding; a nul byte ends it.</param>
    /// <param name="flags">O_*.</param>
    /// <param name="resolve">RESOLVE_*.</param>
    /// <returns>A file descriptor, or -1 with errno.</returns>
    public static int OpenAt2(SafeFileHandle dirfd, ReadOnlySpan<byte> path, int flags, ulong resolve)
    {
        byte[] ended = [.. path, 0];
        ulong[] how = [(uint)flags, 0, resolve]; // struct open_how: flags, mode, resolve
        return (int)OpenAt2(OpenAt2Number, dirfd, ended, how, how.Length * sizeof(ulong));
    }

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint OpenAt2(long number, SafeFileHandle dirfd, byte[] path, ulong[] how, nint size);
}
