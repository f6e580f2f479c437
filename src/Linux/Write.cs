using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>write(2).</summary>
    /// <returns>Bytes written, perhaps fewer than were given, or -1 with errno.</returns>
    public static nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes) =>
        Write(file, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle fd, in byte buf, nuint count);
}
