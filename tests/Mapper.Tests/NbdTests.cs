using System.Diagnostics;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>device-type=nbd, as far as it can be seen without the kernel's nbd: the stand-in behaves as rbd-nbd's source says.</summary>
public sealed class NbdTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();
    private readonly Disk _disk;

    public NbdTests() => _disk = _host.NewDisk($"rbd:{_image},device-type=nbd");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_disk_is_attached_shown_and_detached()
    {
        string device = _host.MustAdd(_disk);
        Assert.EndsWith("/dev/nbd0", device, StringComparison.Ordinal);
        Assert.Equal(Tool.Check("/usr/bin/stat", "--format=%t:%T", device).Text.Trim(), _host.Node(_disk, "physical-device"));
        ToolResult status = _host.Program("status");
        Assert.Equal(0, status.ExitCode);
        Assert.Contains($"{device}", status.Text, StringComparison.Ordinal);
        Assert.Equal(device, _host.MustAdd(_disk)); // known again
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_disk_for_reading_is_mapped_read_only_and_a_kernel_s_mapping_beside_it_is_another()
    {
        string other = _host.StandIn("device", "map", $"rbd/{_image}", "--read-only");
        Disk disk = _host.NewDisk($"rbd:{_image},device-type=nbd", "r");
        Assert.Equal("1", Tool.Check("/sbin/blockdev", "--getro", _host.MustAdd(disk)).Text.Trim());
        _host.MustRemove(disk);
        Assert.Equal([other], _host.MappedDevices());
    }

    [Theory]
    [InlineData("mapping")]
    [InlineData("mapped")]
    [InlineData("answered")]
    public void After_a_killed_add_remove_leaves_nothing(string step)
    {
        Assert.Equal(137, _host.Add(_disk, step).ExitCode);
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_device_that_is_served_only_after_it_was_said_is_waited_for()
    {
        using Gate gate = _host.HoldMapping("serve");
        using Process add = _host.Start("add", _disk);
        gate.Await();
        Assert.False(add.WaitForExit(TimeSpan.FromSeconds(0.5)));
        gate.Dispose();
        Assert.True(add.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal((0, "connected"), (add.ExitCode, _host.Node(_disk, "hotplug-status")));
    }

    [Fact]
    public void A_remove_after_an_add_that_was_killed_before_its_device_was_served_waits_for_it()
    {
        using Gate gate = _host.HoldMapping("serve");
        using Process add = _host.Start("add", _disk);
        gate.Await();
        add.Kill();
        add.WaitForExit();
        using Process remove = _host.Start("remove", _disk);
        Assert.False(remove.WaitForExit(TimeSpan.FromSeconds(1)));
        gate.Dispose();
        Assert.True(remove.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, remove.ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_device_that_somebody_has_open_is_not_taken_away_and_its_holder_is_named()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},device-type=nbd,timeout=25");
        string device = _host.MustAdd(disk);
        _host.SetTimeout(disk, 4);
        using (FileStream open = File.OpenRead(device))
        {
            ToolResult result = _host.Remove(disk);
            Assert.Equal(8, result.ExitCode);
            Assert.Contains($"held by process {Environment.ProcessId} ", result.Error, StringComparison.Ordinal);
            Assert.Equal(4096, open.Read(new byte[4096]));
        }

        _host.SetTimeout(disk, 25);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public async Task An_image_that_was_replaced_by_another_of_its_name_is_not_attached()
    {
        using Gate gate = _host.HoldMapping("before");
        Task<string> refused = Task.Run(() => _host.MustRefuse(_disk, 7), TestContext.Current.CancellationToken);
        gate.Await();
        CephLab.Run($"rbd rm --no-progress rbd/{_image}");
        CephLab.Run($"rbd create --size 8M rbd/{_image}");
        gate.Dispose();
        Assert.Contains("came to be another image", await refused, StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }
}
