using System.Globalization;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using BlockRbd.TwoStages;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>What a run may cost in memory and calls.</summary>
public sealed class CostTests
{
    private const string PeakMemory =
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

    [Fact]
    public void Peak_memory_stays_below_16_MiB_with_a_ramdisk_of_120_MB()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PYGRUB_RBD") is not null, "only the native program is that small: PYGRUB_RBD names it");
        using ScratchFolder scratch = new();
        ToolResult result = Tool.Check(
            "/usr/bin/python3", "-c", PeakMemory, PygrubRbd.Path, "-q", $"--output-directory={scratch.Path}", $"--output={scratch["answer"]}", PygrubRbd.Disk("large"));
        Assert.InRange(int.Parse(result.Text, CultureInfo.InvariantCulture), 1000, 16 * 1024); // KiB
    }

    [Fact]
    public void One_read_call_for_each_MiB_and_sixty_more()
    {
        using ScratchFolder scratch = new();
        string disk = PygrubRbd.Disk("large");
        Tool.Check(Tool.Path("strace"), "-f", "-y", "-o", scratch["trace"], "-e", "trace=pread64,read,preadv", PygrubRbd.Path, "-q", $"--output-directory={scratch["out"]}", disk);
        int calls = File.ReadLines(scratch["trace"]).Count(line => line.Contains($"<{disk}>", StringComparison.Ordinal));
        Assert.InRange(calls, 100, 115 + 1 + 60); // 120.3 MB are 114.7 MiB
    }

    [Fact]
    public void Over_its_memory_budget_a_run_fails_whatever_the_readers_make_of_it()
    {
        using MemorySource disk = new(new byte[4096]);
        MemoryBudget budget = new(maxBytes: 1);
        BlockSource watched = budget.Watch(disk);
        Assert.Equal(ImageFault.OverLimit, Assert.Throws<ImageFormatException>(() => watched.ReadExactly(0, 512)).Fault);
        Assert.Equal(StageFault.OverLimit, budget.Exceeded!.Fault);
        Assert.Contains("PYGRUB_MAX_MEMORY_MB", budget.Exceeded.Message);
    }

    [Fact]
    public void Within_its_budget_it_reads()
    {
        using MemorySource disk = new([.. Enumerable.Range(0, 512).Select(i => (byte)(i % 251))]);
        MemoryBudget budget = new(maxBytes: 1L << 40);
        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => (byte)(i % 251))], budget.Watch(disk).ReadExactly(0, 16));
        Assert.Null(budget.Exceeded);
    }
}
