using System.Diagnostics;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>What has to end by a deadline.</summary>
internal static class Bounded
{
    /// <summary>Fails where it takes longer.</summary>
    public static T Within<T>(double seconds, Func<T> run)
    {
        Stopwatch clock = Stopwatch.StartNew();
        T result = run();
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), $"took {clock.Elapsed}");
        return result;
    }
}
