using System.Diagnostics;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>SIGKILL at each named step, as libxl sends it: to the program alone. Whatever comes next repairs it.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();
    private readonly Disk _disk;

    public KillTests() => _disk = _host.NewDisk($"rbd:{_image}");

    public static TheoryData<string> StepsOfAdd => ["requested", "connected", "found", "locking", "locked", "mapping", "mapped", "answering", "answered", "attached"];

    public static TheoryData<string> StepsOfRemove => ["unmapping", "unmapped", "unlocking", "unlocked", "forgotten"];

    public void Dispose() => _host.Dispose();

    [Theory, MemberData(nameof(StepsOfAdd))]
    public void After_a_killed_add_remove_leaves_nothing(string step)
    {
        Killed(_host.Add(_disk, step));
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Theory, MemberData(nameof(StepsOfAdd))]
    public void After_a_killed_add_the_next_add_attaches_it_once(string step)
    {
        Killed(_host.Add(_disk, step));
        _host.MustAdd(_disk);
        Assert.Single(_host.MappedDevices());
        Assert.Single(TestHost.Lockers(_image));
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Theory, MemberData(nameof(StepsOfAdd))]
    public void After_a_killed_add_recover_leaves_nothing_that_nobody_has(string step)
    {
        Killed(_host.Add(_disk, step));
        if (step is "attached")
        {
            _host.Store.Tool("xenstore-rm", [_disk.Folder]); // libxl has given it up: else it is attached and stays so
        }

        ToolResult result = _host.Program("recover");
        Assert.True(result.ExitCode == 0, result.Error + result.Text);
        _host.AssertNothingLeft(_image);
    }

    [Theory, MemberData(nameof(StepsOfRemove))]
    public void After_a_killed_remove_the_next_one_leaves_nothing(string step)
    {
        _host.MustAdd(_disk);
        Killed(_host.Remove(_disk, step));
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Theory, MemberData(nameof(StepsOfRemove))]
    public void After_a_killed_remove_recover_leaves_nothing(string step)
    {
        _host.MustAdd(_disk);
        Killed(_host.Remove(_disk, step));
        Assert.Equal(0, _host.Program("recover").ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Theory, MemberData(nameof(StepsOfRemove))]
    public void After_a_killed_remove_the_next_add_attaches_it_once(string step)
    {
        _host.MustAdd(_disk);
        Killed(_host.Remove(_disk, step));
        _host.MustAdd(_disk);
        Assert.Single(_host.MappedDevices());
        Assert.Single(TestHost.Lockers(_image));
    }

    [Fact]
    public void Another_domain_gets_the_image_although_a_killed_add_had_it()
    {
        Killed(_host.Add(_disk, "mapped"));
        Disk other = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(other);
        Assert.Single(_host.MappedDevices());
        _host.MustRemove(other);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Recover_leaves_alone_what_is_attached()
    {
        string device = _host.MustAdd(_disk);
        Assert.Equal(0, _host.Program("recover").ExitCode);
        Assert.Equal([device], _host.MappedDevices());
        Assert.Single(TestHost.Lockers(_image));
    }

    [Fact]
    public void A_mapping_that_somebody_else_made_of_the_same_image_is_not_taken_for_ours()
    {
        string before = _host.StandIn("device", "map", $"rbd/{_image}", "--read-only");
        Killed(_host.Add(_disk, "mapped"));
        _host.MustRemove(_disk);
        Assert.Equal([before], _host.MappedDevices());
    }

    [Fact]
    public void A_map_command_that_outlives_its_killed_parent_is_waited_for()
    {
        using Gate gate = _host.HoldMapping("after");
        using Process add = _host.Start("add", _disk);
        gate.Await();
        add.Kill();
        add.WaitForExit();
        using Process remove = _host.Start("remove", _disk);
        Assert.False(remove.WaitForExit(TimeSpan.FromSeconds(1)), "remove did not wait for the command");
        gate.Dispose();
        Assert.True(remove.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, remove.ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void SIGTERM_undoes_what_was_done_and_says_so()
    {
        using Gate gate = _host.HoldMapping("before");
        using Process add = _host.Start("add", _disk);
        gate.Await();
        Tool.Check("/bin/kill", "-TERM", $"{add.Id}");
        Assert.True(add.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(143, add.ExitCode);
        Assert.Equal("error", _host.Node(_disk, "hotplug-status"));
        Assert.Contains("signal 15", _host.Node(_disk, "hotplug-error"), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lock_of_this_hosts_former_boot_is_taken_over(bool runIsKept)
    {
        _host.MustAdd(_disk);
        _host.Boot(runIsKept);
        Disk again = _host.NewDisk($"rbd:{_image}", name: _disk.Name, uuid: _disk.Uuid);
        _host.MustAdd(again);
        Assert.Single(TestHost.Lockers(_image));
        _host.MustRemove(again);
        Assert.Equal(0, _host.Program("recover").ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Recover_releases_the_locks_that_a_former_boots_records_name()
    {
        _host.MustAdd(_disk);
        _host.Boot(keepRun: true);
        Assert.Equal(0, _host.Program("recover").ExitCode);
        _host.AssertNothingLeft(_image);
    }

    private static void Killed(ToolResult result) => Assert.True(result.ExitCode == 137, $"ended with {result.ExitCode}: {result.Error}");
}
