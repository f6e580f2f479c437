using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    public const short POLLIN = 0x1;
    public const short POLLOUT = 0x4;

    /// <summary>poll(2) for one descriptor.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="events"><see cref="POLLIN"/>, <see cref="POLLOUT"/>.</param>
    /// <param name="milliseconds">How long to wait at most; -1 for ever.</param>
    /// <returns>1 where something has happened (also an error or the end), 0 after the time, -1 with errno.</returns>
    public static int Poll(SafeFileHandle file, short events, int milliseconds)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            PollFd fd = new() { Descriptor = (int)file.DangerousGetHandle(), Events = events };
            return Poll(ref fd, 1, milliseconds);
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollFd fds, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
