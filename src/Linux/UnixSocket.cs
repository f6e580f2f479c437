using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Linux;

public static partial class Libc
{
    /// <summary>The longest path of a unix socket in bytes: sun_path less its NUL (unix(7)).</summary>
    public const int UnixPathMax = 107;

    public const int AF_UNIX = 1;
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_NONBLOCK = O_NONBLOCK;
    public const int SOCK_CLOEXEC = O_CLOEXEC;

    /// <summary>socket(2).</summary>
    /// <returns>A descriptor, or -1 with errno.</returns>
    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    /// <summary>connect(2) to a unix socket.</summary>
    /// <returns>0, or -1 with errno; EAGAIN where the other side's queue is full and the socket does not block.</returns>
    public static int ConnectUnix(SafeFileHandle socket, string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, UnixPathMax, nameof(path));
        byte[] address = new byte[2 + UnixPathMax + 1]; // struct sockaddr_un: sa_family_t in the machine's order, then sun_path
        BitConverter.TryWriteBytes(address, (ushort)AF_UNIX);
        name.CopyTo(address, 2);
        return Connect(socket, in address[0], (uint)(2 + name.Length + 1));
    }

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    private static partial int Connect(SafeFileHandle fd, in byte address, uint length);
}
