using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>clone-from=: an image that is made when it is first used, once.</summary>
public sealed class CloneTests : IDisposable
{
    private readonly TestHost _a = new();
    private readonly TestHost _b = new();
    private readonly string _golden = TestHost.NewImage();

    public CloneTests()
    {
        CephLab.Run($"rbd snap create rbd/{_golden}@s");
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public void A_first_attach_makes_the_clone_and_later_ones_use_it()
    {
        Disk disk = _a.NewDisk($"rbd:new-{_golden},clone-from={_golden}@s");
        _a.MustAdd(disk);
        Assert.Contains($"{_golden}@s", CephLab.Run($"rbd info rbd/new-{_golden}"), StringComparison.Ordinal);
        _a.MustRemove(disk);
        _a.MustAdd(disk);
        _a.MustRemove(disk);
        _a.AssertNothingLeft($"new-{_golden}");
        Assert.Single(Children());
    }

    [Fact]
    public void An_image_that_is_no_child_of_it_is_refused_unless_adopted()
    {
        string image = TestHost.NewImage();
        Assert.Contains("adopt", _a.MustRefuse(_a.NewDisk($"rbd:{image},clone-from={_golden}@s"), 3), StringComparison.Ordinal);
        _a.MustAdd(_a.NewDisk($"rbd:{image},clone-from={_golden}@s,adopt"));
    }

    [Fact]
    public void A_snapshot_that_is_not_there_is_named()
    {
        Assert.Contains("nosnap", _a.MustRefuse(_a.NewDisk($"rbd:x-{_golden},clone-from={_golden}@nosnap"), 2), StringComparison.Ordinal);
        Assert.Empty(Children());
    }

    [Theory]
    [InlineData("cloning")]
    [InlineData("cloned")]
    public void A_killed_clone_leaves_no_unfinished_image(string step)
    {
        Disk disk = _a.NewDisk($"rbd:kill-{step}-{_golden},clone-from={_golden}@s");
        Assert.Equal(137, _a.Add(disk, step).ExitCode);
        _a.MustRemove(disk);
        _a.AssertNothingLeft();
        Assert.All(Children(), static child => Assert.DoesNotContain(".block-rbd-", child, StringComparison.Ordinal));
        _a.MustAdd(disk);
    }

    [Fact]
    public void Two_hosts_at_the_same_moment_make_one_clone_and_one_gets_it()
    {
        for (int round = 0; round < 10; round++)
        {
            Disk diskA = _a.NewDisk($"rbd:race{round}-{_golden},clone-from={_golden}@s");
            Disk diskB = _b.NewDisk($"rbd:race{round}-{_golden},clone-from={_golden}@s");
            ToolResult[] results = RaceTests.AllAtOnce([(_a, diskA), (_b, diskB)], static side => side.Item1.Add(side.Item2));
            Assert.Equal([0, 3], results.Select(static r => r.ExitCode).Order());
            Assert.Equal(round + 1, Children().Length);
            (results[0].ExitCode == 0 ? _a : _b).MustRemove(results[0].ExitCode == 0 ? diskA : diskB);
        }

        _a.AssertNothingLeft();
        _b.AssertNothingLeft();
    }

    private string[] Children() => CephLab.Run($"rbd children rbd/{_golden}@s").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
