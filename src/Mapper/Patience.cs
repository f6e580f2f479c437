using System.Runtime.InteropServices;
using BlockRbd.Linux;

namespace BlockRbd.Mapper;

/// <summary>
/// How long a run may take. libxl waits 40 s, then kills the script alone; so work ends early enough for undoing it, and both end before
/// that. A signal ends the work at its next step, in the same way.
/// </summary>
public sealed class Patience : IDisposable
{
    /// <summary>Where neither the target nor the configuration says otherwise.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    // Of the whole, kept for undoing and for telling libxl.
    private static readonly TimeSpan MostForUndo = TimeSpan.FromSeconds(8);
    private const double UndoShare = 0.3;

    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly CancellationTokenSource _cancelled = new();
    private Deadline _start;
    private int _signal;

    /// <summary>Begins now.</summary>
    public Patience(TimeSpan whole) => Begin(whole);

    /// <summary>When work must be through.</summary>
    public Deadline Work { get; private set; }

    /// <summary>When undoing must be through as well.</summary>
    public Deadline End { get; private set; }

    /// <summary>The signal that asked for an end; 0 for none.</summary>
    public int Signal => Volatile.Read(ref _signal);

    /// <summary>Cancelled by a signal.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Another length, counted from the beginning.</summary>
    public void Set(TimeSpan whole)
    {
        TimeSpan gone = TimeSpan.FromHours(1) - _start.Remaining;
        Share(whole, gone);
    }

    /// <summary>Ends at the next step on SIGTERM, SIGINT and SIGHUP, instead of at once.</summary>
    public void HeedSignals()
    {
        foreach ((PosixSignal signal, int number) in ((PosixSignal, int)[])
            [(PosixSignal.SIGTERM, Libc.SIGTERM), (PosixSignal.SIGINT, Libc.SIGINT), (PosixSignal.SIGHUP, Libc.SIGHUP)])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Interlocked.CompareExchange(ref _signal, number, 0);
                _cancelled.Cancel();
            }));
        }
    }

    /// <summary>Throws where it should end.</summary>
    public void Check(string doing)
    {
        if (Signal is var signal and not 0)
        {
            throw new MapperException(ExitCode.Signal + signal, $"ended by signal {signal} before {doing}");
        }

        if (Work.IsOver)
        {
            throw new MapperException(ExitCode.Timeout, $"the deadline came before {doing}");
        }
    }

    /// <summary>What ended the work: the signal, where one had come, and not what it looked like from inside.</summary>
    public Exception Interrupted(Exception e) =>
        Signal is var signal and not 0 && e is not MapperException
            ? new MapperException(ExitCode.Signal + signal, $"ended by signal {signal}", e)
            : e;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(static s => s.Dispose());
        _cancelled.Dispose();
    }

    private void Begin(TimeSpan whole)
    {
        _start = Deadline.After(TimeSpan.FromHours(1));
        Share(whole, TimeSpan.Zero);
    }

    private void Share(TimeSpan whole, TimeSpan gone)
    {
        TimeSpan undo = whole * UndoShare < MostForUndo ? whole * UndoShare : MostForUndo;
        Work = Deadline.After(whole - undo - gone);
        End = Deadline.After(whole - gone);
    }
}
