using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Xen;

/// <summary>Where the daemon is: libxenstore's order (xs.c, xs_open): the socket, then the kernel's device.</summary>
public static class XenStoreEndpoint
{
    private static readonly string[] Sockets = ["/run/xenstored/socket", "/var/run/xenstored/socket"];
    private static readonly string[] Devices = ["/dev/xen/xenbus", "/proc/xen/xenbus"];

    /// <summary>All places in the order they are tried. XENSTORED_PATH or XENSTORED_RUNDIR, where set, leave only theirs.</summary>
    /// <param name="variable">The environment: a name's value or null.</param>
    public static IReadOnlyList<string> Places(Func<string, string?> variable)
    {
        if (variable("XENSTORED_PATH") is { Length: > 0 } path)
        {
            return [path];
        }

        return variable("XENSTORED_RUNDIR") is { Length: > 0 } folder ? [folder.TrimEnd('/') + "/socket"] : [.. Sockets, .. Devices];
    }

    /// <summary>A descriptor that does not block, on the first place where somebody listens.</summary>
    /// <exception cref="XenStoreException">Nobody does: the message names every place and its reason.</exception>
    internal static SafeFileHandle Open(IReadOnlyList<string> places, Deadline deadline)
    {
        List<string> reasons = [];
        foreach (string place in places)
        {
            SafeFileHandle? file = TryOpen(place, deadline, out string reason);
            if (file is not null)
            {
                return file;
            }

            reasons.Add(places.Count == 1 ? reason : $"{place} ({reason})");
        }

        throw new XenStoreException("connect", places.Count == 1 ? places[0] : "anywhere", string.Join(", ", reasons));
    }

    private static SafeFileHandle? TryOpen(string place, Deadline deadline, out string reason)
    {
        // A device is opened, a socket connected to; XENSTORED_PATH may name either (xs_open looks at the file's type, we at the answer).
        SafeFileHandle device = new(Libc.Open(place, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC), ownsHandle: true);
        if (!device.IsInvalid)
        {
            reason = "";
            return device;
        }

        int errno = Marshal.GetLastPInvokeError();
        device.Dispose();
        if (errno != Libc.ENXIO) // open(2): "the file is a UNIX domain socket"
        {
            reason = Marshal.GetPInvokeErrorMessage(errno);
            return null;
        }

        return Connect(place, deadline, out reason);
    }

    private static SafeFileHandle? Connect(string place, Deadline deadline, out string reason)
    {
        if (Encoding.UTF8.GetByteCount(place) > Libc.UnixPathMax)
        {
            reason = "too long for a socket's path";
            return null;
        }

        SafeFileHandle socket = new(
            Libc.Socket(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), ownsHandle: true);
        int errno = Marshal.GetLastPInvokeError();
        while (!socket.IsInvalid)
        {
            if (Libc.ConnectUnix(socket, place) == 0)
            {
                reason = "";
                return socket;
            }

            errno = Marshal.GetLastPInvokeError();
            if (errno is not (Libc.EAGAIN or Libc.EINTR) || deadline.IsOver)
            {
                break;
            }

            Thread.Sleep(2); // its queue is full: 24 scripts start at the same moment
        }

        socket.Dispose();
        reason = Marshal.GetPInvokeErrorMessage(errno);
        return null;
    }
}
