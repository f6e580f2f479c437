using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>pread(2) into <paramref name="buffer"/>.</summary>
    /// <returns>Bytes read, 0 at the end, or -1 with errno.</returns>
    public static nint PRead(SafeFileHandle file, Span<byte> buffer, long offset) =>
        PRead(file, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, offset);

    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    private static partial nint PRead(SafeFileHandle fd, ref byte buf, nuint count, long offset);
}
