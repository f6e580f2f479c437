using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    // bits/termios-c_iflag.h, bits/termios-c_lflag.h, bits/termios-c_cc.h, bits/termios-tcflow.h
    public const uint BRKINT = 0x2;
    public const uint ISTRIP = 0x20;
    public const uint INLCR = 0x40;
    public const uint IGNCR = 0x80;
    public const uint ICRNL = 0x100;
    public const uint IXON = 0x400;
    public const uint ICANON = 0x2;
    public const uint ECHO = 0x8;
    public const uint ECHONL = 0x40;
    public const uint IEXTEN = 0x8000;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int VSUSP = 10;
    public const int TCSANOW = 0;
    public const int TCSADRAIN = 1;

    /// <summary>tcgetattr(3).</summary>
    /// <returns>-1 with errno: ENOTTY where it is no terminal.</returns>
    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int TcGetAttr(SafeFileHandle fd, out Termios state);

    /// <summary>tcsetattr(3).</summary>
    /// <returns>-1 with errno where it fails.</returns>
    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int TcSetAttr(SafeFileHandle fd, int when, in Termios state);

    /// <summary>struct termios of glibc (bits/termios-struct.h): 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Termios
    {
        public uint InputFlags;
        public uint OutputFlags;
        public uint ControlFlags;
        public uint LocalFlags;
        public byte LineDiscipline;
        public ControlCharacters Characters;
        public uint InputSpeed;
        public uint OutputSpeed;
    }

    /// <summary>c_cc: NCCS of them.</summary>
    [InlineArray(32)]
    public struct ControlCharacters
    {
        private byte _first;
    }
}
