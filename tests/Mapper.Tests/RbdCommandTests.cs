using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>An rbd command, or a kernel behind it, that does something else than it should: the right sentence, and nothing left.</summary>
public sealed class RbdCommandTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();
    private readonly Disk _disk;

    public RbdCommandTests() => _disk = _host.NewDisk($"rbd:{_image},timeout=10");

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("exit 0", 7, "named no device: ''")]
    [InlineData("echo /dev/rbd0", 7, "says that it mapped /dev/rbd0, but the kernel has no such device")]
    [InlineData("echo /dev/sda", 7, "named no device: '/dev/sda")]
    [InlineData("exec yes /dev/rbd0", 6, "did not end in time")]
    [InlineData("exec yes >&2", 6, "did not end in time")]
    [InlineData("exec cat /dev/urandom", 6, "did not end in time")]
    [InlineData("trap '' TERM HUP INT; while :; do sleep 1; done", 6, "did not end in time")]
    [InlineData("kill -SEGV $$", 7, "rbd ended with 139")]
    [InlineData("printf 'one\\ntwo\\033[2J\\n' >&2; exit 5", 7, "x1b[2J")]
    public void A_command_that_maps_nothing_is_refused_with_what_it_said(string script, int code, string reason)
    {
        _host.RbdCommand = Script(script);
        Assert.Contains(reason, _host.MustRefuse(_disk, code), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_command_that_is_not_there_is_named()
    {
        _host.RbdCommand = "/nonexistent/rbd";
        string reason = _host.MustRefuse(_disk, 7);
        Assert.Contains("/nonexistent/rbd can't be started", reason, StringComparison.Ordinal);
        Assert.Contains("ceph-common", reason, StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_device_whose_file_appears_late_is_waited_for()
    {
        // As udev makes it where no devtmpfs is mounted.
        string node = Path.Combine(_host.Kernel, "dev", "rbd0");
        _host.RbdCommand = Script(
            $"""
            "{_host.RbdCommand}" "$@" || exit
            [ "$2" = map ] || exit 0
            mv "{node}" "{node}.late"
            (exec > /dev/null 2>&1; for fd in /proc/self/fd/*; do fd=$(basename $fd); [ $fd -le 2 ] || eval "exec $fd>&-"; done; sleep 0.7; mv "{node}.late" "{node}") &
            """);
        Assert.Equal(node, _host.MustAdd(_disk));
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Theory]
    [InlineData("rm NODE", "the file is not there")]
    [InlineData("rm NODE; mknod NODE b 1 3", "is a file of device 1:3")]
    public void A_device_whose_file_is_missing_or_is_another_devices_is_refused(string after, string reason)
    {
        string node = Path.Combine(_host.Kernel, "dev", "rbd0");
        _host.RbdCommand = Script(
            $"""
            [ "$2" = map ] || exec "{_host.RbdCommand}" "$@"
            "{_host.RbdCommand}" "$@" || exit
            {after.Replace("NODE", node, StringComparison.Ordinal)}
            """);
        Assert.Contains(reason, _host.MustRefuse(_disk, 7), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public async Task An_image_that_is_resized_between_the_check_and_the_mapping_is_attached_as_it_is_now()
    {
        using Gate gate = _host.HoldMapping("before");
        Task<string> added = Task.Run(() => _host.MustAdd(_disk), TestContext.Current.CancellationToken);
        gate.Await();
        CephLab.Run($"rbd resize --no-progress --size 12M rbd/{_image}");
        gate.Dispose();
        Assert.Equal($"{12 << 20}", Tool.Check("/sbin/blockdev", "--getsize64", await added).Text.Trim());
        _host.MustRemove(_disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void Whoever_started_it_may_ignore_the_end_of_children()
    {
        Dictionary<string, string> environment = _host.Environment(null);
        environment["XENBUS_PATH"] = _disk.Path;
        foreach (string word in (string[])["add", "remove"])
        {
            // No shell can: POSIX has them restore what they were started with, and dash and bash keep SIGCHLD for themselves.
            ToolResult result = Tool.Run(
                "/usr/bin/python3",
                ["-c", "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])", BlockRbdProgram.Path, word],
                TimeSpan.FromMinutes(2), environment);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }

        _host.AssertNothingLeft(_image);
    }

    private string Script(string text)
    {
        string path = Path.Combine(_host.Kernel, "rbd-of-the-test");
        File.WriteAllText(path, $"#!/bin/bash\n{text}\n");
        Tool.Check("/bin/chmod", "700", path);
        return path;
    }
}
