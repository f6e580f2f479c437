using System.Diagnostics;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>A /run/block-rbd that isn't as it should be: full, lost, or with something odd in it.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();
    private readonly Disk _disk;

    public StateFolderTests() => _disk = _host.NewDisk($"rbd:{_image}");

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("backend-notes.json", "no disk's record has such a name")]
    [InlineData("notes.json", "no disk's record has such a name")]
    [InlineData("backend-vbd-99-51712.json", "not a record of an attached disk")]
    [InlineData("backend-vbd-007-51712.json", "no disk's record has such a name")]
    public void A_file_that_is_no_record_is_said_and_keeps_no_other_disk_from_anything(string name, string problem)
    {
        Directory.CreateDirectory(_host.Run);
        string file = Path.Combine(_host.Run, name);
        File.WriteAllText(file, "odd");
        _host.MustAdd(_disk);
        ToolResult status = _host.Program("status");
        Assert.Equal(9, status.ExitCode);
        Assert.Contains($"! {file}: ", status.Text, StringComparison.Ordinal);
        Assert.Contains(problem, status.Text, StringComparison.Ordinal);
        Assert.Contains(_disk.Name, status.Text, StringComparison.Ordinal);
        Assert.Equal(8, _host.Program("recover").ExitCode);
        _host.MustRemove(_disk);
        File.Delete(file);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_record_that_stands_under_another_disks_name_is_not_taken_for_its_own()
    {
        _host.MustAdd(_disk);
        Disk other = _host.NewDisk($"rbd:{TestHost.NewImage()}");
        string copy = Path.Combine(_host.Run, other.Path.Replace('/', '-') + ".json");
        File.Copy(Path.Combine(_host.Run, _disk.Path.Replace('/', '-') + ".json"), copy);
        ToolResult result = _host.Remove(other);
        Assert.Equal(7, result.ExitCode);
        Assert.Contains($"it is one of {_disk.Path}", result.Error, StringComparison.Ordinal);
        Assert.Single(_host.MappedDevices());
        File.Delete(copy);
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void On_a_full_run_nothing_is_attached_and_no_file_is_left_and_what_is_attached_can_be_detached()
    {
        Disk attached = _host.NewDisk($"rbd:{TestHost.NewImage()}");
        Directory.CreateDirectory(_host.Run);
        Tool.Check("/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _host.Run);
        try
        {
            _host.MustAdd(attached);
            string filler = Path.Combine(_host.Run, "filler");
            Tool.Run("/bin/dd", "if=/dev/zero", $"of={filler}", "bs=1k"); // until there is no room
            Assert.Contains("No space left", _host.MustRefuse(_disk, 7), StringComparison.Ordinal);
            _host.MustRemove(attached);
            File.Delete(filler);
            _host.AssertNothingLeft(_image);
        }
        finally
        {
            Tool.Check("/bin/umount", _host.Run);
        }
    }

    [Fact]
    public void A_remove_whose_record_is_lost_says_what_is_still_mapped()
    {
        string device = _host.MustAdd(_disk);
        Directory.Delete(_host.Run, recursive: true);
        ToolResult result = _host.Remove(_disk);
        Assert.Equal(8, result.ExitCode);
        Assert.Contains($"{device} (rbd/{_image}) is still mapped", result.Error, StringComparison.Ordinal);
        Assert.Equal([device], _host.MappedDevices());

        _host.StandIn("device", "unmap", "/dev/" + Path.GetFileName(device));
        _host.MustRemove(_disk);
    }

    [Fact]
    public void Map_options_that_are_spelled_like_an_option_of_the_target_are_read_back_from_the_record()
    {
        File.WriteAllText(_host.Configuration, "map-options = try-netlink,timeout=30\ndevice-type = nbd\ntimeout = 25\n");
        _host.MustAdd(_disk);
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_record_of_the_version_before_is_let_go_of()
    {
        _host.MustAdd(_disk);
        string file = Path.Combine(_host.Run, _disk.Path.Replace('/', '-') + ".json");
        string[] lines = File.ReadAllLines(file);
        string[] former = [.. lines.Where(static line => !line.Contains("\"pool_id\"", StringComparison.Ordinal))];
        Assert.Equal(lines.Length - 1, former.Length);
        File.WriteAllLines(file, former);
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Theory]
    [InlineData("add")]
    [InlineData("remove")]
    public void SIGTERM_ends_the_waiting_for_another_run_of_the_same_disk(string word)
    {
        using Gate gate = _host.HoldMapping("before");
        using Process first = _host.Start("add", _disk);
        gate.Await();
        using Process second = _host.Start(word, _disk);
        Assert.False(second.WaitForExit(TimeSpan.FromSeconds(1)));
        Tool.Check("/bin/kill", "-TERM", $"{second.Id}");
        Assert.True(second.WaitForExit(TimeSpan.FromSeconds(10)), "it waits on");
        Assert.Equal(143, second.ExitCode);
        gate.Dispose();
        Assert.True(first.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, first.ExitCode);
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }
}
