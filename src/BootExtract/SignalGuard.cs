using System.Runtime.InteropServices;
using BlockRbd.BootExtract.Output;
using BlockRbd.Linux;

namespace BlockRbd.BootExtract;

/// <summary>
/// Ends the program on a signal or at its deadline without leaving anything behind, whatever the main thread is blocked in: opening a
/// FIFO that nobody reads, or a device that does not answer.
/// </summary>
internal sealed class SignalGuard : IDisposable
{
    private static readonly IReadOnlyList<(int Number, string Name)> Ending =
        [(Libc.SIGTERM, "SIGTERM"), (Libc.SIGINT, "SIGINT"), (Libc.SIGHUP, "SIGHUP"), (Libc.SIGQUIT, "SIGQUIT")];

    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="undo">What is taken back.</param>
    /// <param name="seconds">The deadline.</param>
    /// <param name="atEnd">Done before anything is taken back: ends a child.</param>
    public SignalGuard(Undo undo, int seconds, Action atEnd)
    {
        // A reader that is gone, or a file-size limit: an error of write(2), not the end.
        _ = Libc.Signal(Libc.SIGPIPE, Libc.SIG_IGN);
        _ = Libc.Signal(Libc.SIGXFSZ, Libc.SIG_IGN);
        foreach ((int number, string name) in Ending)
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, _ =>
                End(undo, atEnd, (int)ExitCode.Signal + number, $"ended by {name}; nothing is left behind")));
        }

        _registrations.Add(PosixSignalRegistration.Create((PosixSignal)Libc.SIGALRM, _ =>
            End(undo, atEnd, (int)ExitCode.OverLimit,
                $"no answer within {seconds} s: look whether the disk or the reader of --output hangs, or raise {LimitSettings.TimeVariable}")));
        _ = Libc.Alarm((uint)seconds);
    }

    /// <summary>The work is done: no deadline any more.</summary>
    public void Dispose()
    {
        _ = Libc.Alarm(0);
        _registrations.ForEach(registration => registration.Dispose());
    }

    private static void End(Undo undo, Action atEnd, int status, string message)
    {
        undo.TakeBackForGood();
        atEnd();
        Descriptor.Complain($"RuntimeError: {message}");
        Libc.ExitNow(status);
    }
}
