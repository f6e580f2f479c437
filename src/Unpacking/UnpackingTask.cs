using System.Runtime.ExceptionServices;

namespace BlockRbd.Unpacking;

/// <summary>A piece of unpacking that any thread may do, once.</summary>
public abstract class UnpackingTask
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Done = 2;

    private readonly Lock _gate = new();
    private ManualResetEventSlim? _waiter;
    private ExceptionDispatchInfo? _failure;
    private volatile int _state;

    /// <summary>Whether <see cref="Finish"/> would return at once.</summary>
    public bool IsDone => _state == Done;

    /// <summary>Waits until it is done; does it, or others that wait, on this thread meanwhile.</summary>
    /// <exception cref="UnpackException">What the work ended in.</exception>
    public void Finish()
    {
        bool isOurs = TryRun();
        while (!isOurs && _state != Done && UnpackingCrew.Help())
        {
        }

        if (_state != Done)
        {
            Wait();
        }

        _failure?.Throw();
    }

    /// <summary>Does it, unless somebody has begun to.</summary>
    internal bool TryRun()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Waiting) != Waiting)
        {
            return false;
        }

        try
        {
            Work();
        }
        catch (Exception e) // it is thrown again where somebody waits for it
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        lock (_gate)
        {
            _state = Done;
            _waiter?.Set();
        }

        return true;
    }

    /// <summary>The work. It must not touch what other threads may use meanwhile: sources above all.</summary>
    protected abstract void Work();

    private void Wait()
    {
        using ManualResetEventSlim waiter = new();
        lock (_gate)
        {
            if (_state == Done)
            {
                return;
            }

            _waiter = waiter;
        }

        waiter.Wait();
        lock (_gate)
        {
            _waiter = null;
        }
    }
}
