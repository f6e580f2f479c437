using System.Diagnostics;
using BlockRbd.Unpacking;

namespace BlockRbd.Fuzz;

/// <summary>Runs a target on an input and says what is a finding: another exception than its contract's, too much memory, too much time.</summary>
internal static class Judge
{
    /// <summary>Bytes that one run may allocate in all, whether or not they are let go of again.</summary>
    public const long MaxAllocated = 64 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Runs it.</summary>
    /// <exception cref="FindingException">It is a finding.</exception>
    public static void Run(FuzzTarget target, byte[] input)
    {
        StoredChecksum.IsIgnored = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        long begun = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        try
        {
            target.Use(input);
        }
        catch (Exception e) when (target.Contract.Contains(e.GetType()))
        {
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MaxAllocated)
        {
            throw new FindingException($"{target.Name}: {allocated} bytes allocated");
        }

        // The clock alone also counts what others do on a busy machine.
        if (Stopwatch.GetElapsedTime(begun) > Longest && Environment.CpuUsage.TotalTime - processor > Longest)
        {
            throw new FindingException($"{target.Name}: {Environment.CpuUsage.TotalTime - processor} of processor time");
        }
    }
}

/// <summary>A run took too much.</summary>
internal sealed class FindingException(string message) : Exception(message);
