using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const int O_RDONLY = 0;
    public const int O_NONBLOCK = 0x800;
    public const int O_DIRECT = 0x4000; // asm-generic's value: x86-64's; arm64 has another
    public const int O_CLOEXEC = 0x80000;

    /// <summary>open(2) without a mode: for files that exist.</summary>
    /// <returns>A file descriptor, or -1 with errno.</returns>
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);
}
