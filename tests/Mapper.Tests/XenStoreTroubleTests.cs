using System.Diagnostics;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>A xenstored that is gone, or that takes its time.</summary>
public sealed class XenStoreTroubleTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_xenstore_that_is_away_is_said_on_standard_error()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.Store.Stop();
        ToolResult result = Bounded.Within(10, () => _host.Add(disk));
        _host.Store.Start();
        Assert.Equal(7, result.ExitCode);
        Assert.Contains("xenstore connect", result.Error, StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_xenstored_that_stands_still_for_a_while_is_waited_for()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        using (_host.Store.Freeze())
        {
            using Process add = _host.Start("add", disk);
            Assert.False(add.WaitForExit(TimeSpan.FromSeconds(7)));
            _host.Store.Thaw();
            Assert.True(add.WaitForExit(TimeSpan.FromSeconds(30)));
            Assert.Equal(0, add.ExitCode);
        }

        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_xenstored_that_answers_nothing_is_given_up_and_keeps_no_remove_from_its_work()
    {
        Disk other = _host.NewDisk($"rbd:{TestHost.NewImage()},timeout=6");
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=6");
        _host.MustAdd(disk);
        using (_host.Store.Freeze())
        {
            ToolResult result = Bounded.Within(34, () => _host.Add(other));
            Assert.Equal(6, result.ExitCode);
            Assert.Contains("no answer in time", result.Error, StringComparison.Ordinal);
            Assert.Equal(0, Bounded.Within(15, () => _host.Remove(disk)).ExitCode);
        }

        _host.AssertNothingLeft(_image);
    }
}
