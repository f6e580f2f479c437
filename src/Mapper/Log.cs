using System.Globalization;
using System.Text;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.Mapper;

/// <summary>
/// Where Xen's block scripts log: syslog, facility daemon. One line at debug for each step, one for each outcome. A host without
/// syslog loses nothing else.
/// </summary>
public sealed class Log(HostPaths host) : IDisposable
{
    // syslog(3): facility LOG_DAEMON, and severities.
    private const int Daemon = 3 << 3;
    private const int Error = 3;
    private const int Warning = 4;
    private const int Notice = 5;
    private const int Info = 6;
    private const int DebugLevel = 7;
    private const int MaxLine = 1500;
    private const int PatienceMilliseconds = 50;

    private readonly Lock _lock = new();
    private SafeFileHandle? _socket;
    private bool _tried;

    /// <summary>Stands before every message: which disk it is about.</summary>
    public string Subject { get; set; } = "";

    /// <summary>A step was taken.</summary>
    public void Step(string text) => Send(DebugLevel, text);

    /// <summary>An attach, detach or repair is done.</summary>
    public void Done(string text) => Send(Info, text);

    /// <summary>Something that somebody decided and that a later reader may look for.</summary>
    public void Decision(string text) => Send(Notice, text);

    /// <summary>Something isn't as it should be; it goes on.</summary>
    public void Warn(string text) => Send(Warning, text);

    /// <summary>It failed.</summary>
    public void Fail(string text) => Send(Error, text);

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Send(int severity, string text)
    {
        string line = Subject.Length > 0 ? $"{Subject}: {text}" : text;
        line = string.Concat(line.Take(MaxLine).Select(static c => char.IsControl(c) ? ' ' : c));
        string message = string.Create(CultureInfo.InvariantCulture, $"<{Daemon | severity}>block-rbd[{Environment.ProcessId}]: {line}");
        lock (_lock)
        {
            if (Socket() is { } socket)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(message);
                // A full or closed socket must not hold up a disk; an outcome is worth a moment, a step isn't.
                if (Libc.Write(socket, bytes) < 0 && severity < DebugLevel && Libc.Poll(socket, Libc.POLLOUT, PatienceMilliseconds) > 0)
                {
                    _ = Libc.Write(socket, bytes);
                }
            }
        }
    }

    private SafeFileHandle? Socket()
    {
        if (_tried)
        {
            return _socket;
        }

        _tried = true;
        if (Encoding.UTF8.GetByteCount(host.SysLog) > Libc.UnixPathMax)
        {
            return null;
        }

        SafeFileHandle socket = new(
            Libc.Socket(Libc.AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0), ownsHandle: true);
        if (socket.IsInvalid || Libc.ConnectUnix(socket, host.SysLog) != 0)
        {
            socket.Dispose();
            return null;
        }

        return _socket = socket;
    }
}
