using System.Runtime.InteropServices;
using BlockRbd.BootExtract.Output;
using BlockRbd.Linux;
using BlockRbd.TwoStages;

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
    private readonly Undo _undo;
    private readonly int _seconds;
    private readonly Action _atEnd;

    /// <summary>From here on the deadline runs, and it or a signal ends the program with its sentence and with everything taken back. No thread can be started once confined: before that.</summary>
    /// <param name="undo">What is taken back.</param>
    /// <param name="seconds">The deadline.</param>
    /// <param name="atEnd">Done before anything is taken back: ends a child.</param>
    public SignalGuard(Undo undo, int seconds, Action atEnd)
    {
        _undo = undo;
        _seconds = seconds;
        _atEnd = atEnd;

        // A reader that is gone, or a file-size limit: an error of write(2), not the end.
        _ = Libc.Signal(Libc.SIGPIPE, Libc.SIG_IGN);
        _ = Libc.Signal(Libc.SIGXFSZ, Libc.SIG_IGN);
        _ = Libc.Alarm((uint)seconds);

        foreach ((int number, string name) in Ending)
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, _ =>
                End((int)ExitCode.Signal + number, $"ended by {name}; nothing is left behind")));
        }

        _registrations.Add(PosixSignalRegistration.Create((PosixSignal)Libc.SIGALRM, _ =>
            End((int)ExitCode.OverLimit,
                $"no answer within {_seconds} s: look whether the disk or the reader of --output hangs, or raise {StageLimits.TimeVariable}")));
    }

    /// <summary>Waits for a person: the deadline stands still meanwhile.</summary>
    public static T WithoutDeadline<T>(Func<T> wait)
    {
        uint left = Libc.Alarm(0);
        try
        {
            return wait();
        }
        finally
        {
            _ = Libc.Alarm(left);
        }
    }

    /// <summary>The work is done: no deadline any more.</summary>
    public void Dispose()
    {
        _ = Libc.Alarm(0);
        _registrations.ForEach(registration => registration.Dispose());
    }

    private void End(int status, string message)
    {
        _undo.TakeBackForGood();
        _atEnd();
        Descriptor.Complain($"RuntimeError: {message}");
        Libc.ExitNow(status);
    }
}
