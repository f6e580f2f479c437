using System.Diagnostics;
using System.Globalization;
using BlockRbd.Testing;
using BlockRbd.Unpacking;
using Xunit;

namespace BlockRbd.Fuzz.Tests;

/// <summary>Every target on its kept inputs, and on random changes of them for some seconds: without AFL++, and always the same ones.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(static target => target.Name)];

    /// <summary>Seconds for each target.</summary>
    private static double Seconds => double.TryParse(Environment.GetEnvironmentVariable("FUZZ_TEST_SECONDS"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 2;

    [Theory]
    [MemberData(nameof(Targets))]
    public void Kept_inputs_end_as_they_may(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name);
        List<(string File, byte[] Bytes)> kept = [.. target.Seeds().Select(static (seed, i) => ($"seed {i}", seed)), .. target.Corpus];
        Assert.NotEmpty(kept);
        foreach ((string file, byte[] bytes) in kept)
        {
            Try(target, bytes, file);
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Random_inputs_end_as_they_may(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name);
        Mutator mutator = new([.. target.Seeds(), .. target.Corpus.Select(static kept => kept.Bytes)], target);
        long begun = Stopwatch.GetTimestamp();
        int seed = 0;
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < Seconds)
        {
            Try(target, mutator.Make(seed), $"seed {seed}");
            seed++;
        }

        Assert.True(seed > 20, $"{seed} inputs in {Seconds} s");
    }

    [Fact]
    public void Every_filesystem_has_a_target()
    {
        string[] folders = [.. Directory.GetFiles(Repo.Below("src", "GuestDisk", "FileSystems"), "*FileSystem.cs", SearchOption.AllDirectories).Select(static file => Path.GetFileName(Path.GetDirectoryName(file)!).ToLowerInvariant()).Where(static folder => folder != "filesystems")];
        Assert.NotEmpty(folders);
        Assert.Empty(folders.Except(FuzzTargets.All.Select(static target => target.Name)));
    }

    [Fact]
    public void Every_packing_has_a_target() =>
        Assert.Empty(Enum.GetValues<Packing>().Where(static packing => packing != Packing.None).Select(static packing => packing.ToString().ToLowerInvariant()).Except(FuzzTargets.All.Select(static target => target.Name)));

    [Fact]
    public void Nothing_that_is_shipped_lets_checksums_pass()
    {
        string[] sources = Directory.GetFiles(Repo.Below("src"), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(sources);
        Assert.Equal(["StoredChecksum.cs"], sources.Where(static file => File.ReadAllText(file).Contains("IsIgnored", StringComparison.Ordinal)).Select(Path.GetFileName));
    }

    private static void Try(FuzzTarget target, byte[] input, string what)
    {
        try
        {
            Judge.Run(target, input);
        }
        catch (Exception e)
        {
            string file = Repo.Below("artifacts", $"finding-{target.Name}");
            File.WriteAllBytes(file, input);
            Assert.Fail($"{what}, kept as {file}: {e}");
        }
    }
}
