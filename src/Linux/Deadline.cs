using System.Diagnostics;

namespace BlockRbd.Linux;

/// <summary>A moment by which something must have ended, on the monotonic clock: setting the wall clock does not move it.</summary>
public readonly struct Deadline
{
    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            long ticks = _timestamp - Stopwatch.GetTimestamp();
            return ticks <= 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, ticks);
        }
    }

    /// <summary>Whether nothing is left.</summary>
    public bool IsOver => Stopwatch.GetTimestamp() >= _timestamp;

    /// <summary>What is left in whole milliseconds, rounded up, for poll(2): 0 only when it is over.</summary>
    public int Milliseconds => (int)Math.Min(int.MaxValue, Math.Ceiling(Remaining.TotalMilliseconds));

    /// <summary>The moment that is so far away from now.</summary>
    public static Deadline After(TimeSpan span) =>
        new(Stopwatch.GetTimestamp() + (long)(Math.Max(span.TotalSeconds, 0) * Stopwatch.Frequency));

    /// <summary>The earlier of this one and one that is so far away from now: for a single step.</summary>
    public Deadline OrAfter(TimeSpan span)
    {
        Deadline other = After(span);
        return other._timestamp < _timestamp ? other : this;
    }

    /// <summary>Sleeps so long, or until the moment, whichever comes first.</summary>
    public void Sleep(TimeSpan span)
    {
        TimeSpan remaining = Remaining;
        Thread.Sleep(span < remaining ? span : remaining);
    }
}
