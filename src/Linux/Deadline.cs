using System.Diagnostics;

namespace BlockRbd.Linux;

/// <summary>A moment on the monotonic clock by which something has to be over. Setting the wall clock does not move it.</summary>
public readonly record struct Deadline : IComparable<Deadline>
{
    private readonly long _ticks;

    private Deadline(long ticks) => _ticks = ticks;

    /// <summary>That much time from now.</summary>
    public static Deadline In(TimeSpan time) => new(Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));

    /// <summary>What is left, never less than nothing.</summary>
    public TimeSpan Left
    {
        get
        {
            long now = Stopwatch.GetTimestamp();
            return now >= _ticks ? TimeSpan.Zero : Stopwatch.GetElapsedTime(now, _ticks);
        }
    }

    /// <summary>True once the moment has come.</summary>
    public bool IsOver => Stopwatch.GetTimestamp() >= _ticks;

    /// <summary>What is left in whole milliseconds, rounded up, for poll(2): 0 only when it is over.</summary>
    public int Milliseconds => (int)Math.Min(int.MaxValue, Math.Ceiling(Left.TotalMilliseconds));

    /// <summary>The sooner one of this moment and <paramref name="time"/> from now: one step's share of the whole.</summary>
    public Deadline AtMost(TimeSpan time)
    {
        Deadline other = In(time);
        return other.CompareTo(this) < 0 ? other : this;
    }

    /// <inheritdoc/>
    public int CompareTo(Deadline other) => _ticks.CompareTo(other._ticks);

    /// <summary>The sooner one comes first.</summary>
    public static bool operator <(Deadline left, Deadline right) => left.CompareTo(right) < 0;

    /// <summary>The later one comes last.</summary>
    public static bool operator >(Deadline left, Deadline right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(Deadline left, Deadline right) => left.CompareTo(right) <= 0;

    /// <summary>Not sooner.</summary>
    public static bool operator >=(Deadline left, Deadline right) => left.CompareTo(right) >= 0;
}
