using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>read(2) into <paramref name="buffer"/>.</summary>
    /// <returns>Bytes read, 0 at the end, or -1 with errno.</returns>
    public static nint Read(SafeFileHandle file, Span<byte> buffer) =>
        Read(file, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle fd, ref byte buf, nuint count);
}
