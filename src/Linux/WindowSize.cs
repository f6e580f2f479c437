using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const nuint TIOCGWINSZ = 0x5413; // asm-generic/ioctls.h

    /// <summary>ioctl(2) TIOCGWINSZ. A pty that nobody has given a size says 0 and 0.</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle fd, nuint request, out WindowSize size);

    /// <summary>A terminal's size; 0 by 0 where it has none.</summary>
    public static (int Rows, int Columns) TerminalSize(SafeFileHandle terminal) =>
        Ioctl(terminal, TIOCGWINSZ, out WindowSize size) < 0 ? (0, 0) : (size.Rows, size.Columns);

    /// <summary>struct winsize (asm-generic/termios.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort XPixels;
        public ushort YPixels;
    }
}
