using System.Diagnostics;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>Somebody writes the image who knows nothing of attach locks: librbd itself, as QEMU and rbd use it.</summary>
public sealed class ForeignWriterTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("w")]
    [InlineData("r")]
    public void An_image_that_somebody_else_writes_is_refused_until_he_ends(string mode)
    {
        Disk disk = _host.NewDisk($"rbd:{_image}", mode);
        using (Writer())
        {
            string reason = _host.MustRefuse(disk, 3);
            Assert.Contains($"image rbd/{_image} is being written by client.", reason, StringComparison.Ordinal);
            Assert.Contains($"access={mode}!", reason, StringComparison.Ordinal);
            _host.AssertNothingLeft(_image);
            ToolResult check = _host.Program("check", $"rbd:{_image}");
            Assert.Equal(9, check.ExitCode);
            Assert.Contains("other writers: client.", check.Text, StringComparison.Ordinal);
        }

        // The writer was killed: its lock stays, and its watch for half a minute.
        CephLab.Run($"rbd create --size 4M rbd/{_image}-other");
        Stopwatch clock = Stopwatch.StartNew();
        while (CephLab.Run($"rbd status rbd/{_image}").Contains("client.", StringComparison.Ordinal))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2));
            Thread.Sleep(500);
        }

        Assert.Contains("client.", CephLab.Run($"rbd lock ls rbd/{_image}"), StringComparison.Ordinal);
        _host.MustAdd(disk);
        _host.MustRemove(disk);
    }

    [Fact]
    public void Without_the_lock_it_is_attached_beside_him_and_a_snapshot_always()
    {
        CephLab.Run($"rbd snap create --no-progress rbd/{_image}@s");
        using (Writer())
        {
            _host.MustAdd(_host.NewDisk($"rbd:{_image},access=w!"));
            _host.MustAdd(_host.NewDisk($"rbd:{_image}@s", "r"));
        }
    }

    [Fact]
    public void A_short_operation_is_waited_for()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        using Killed writer = Writer();
        using Process add = _host.Start("add", disk);
        Assert.False(add.WaitForExit(TimeSpan.FromSeconds(1)));
        writer.End();
        Assert.True(add.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, add.ExitCode);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    /// <summary>Writes until it is killed, and does already.</summary>
    private Killed Writer()
    {
        ProcessStartInfo start = new(CephLab.Program("rbd"), ["bench", "--io-type", "write", "--io-size", "4096", "--io-threads", "1", "--io-total", "1T", $"rbd/{_image}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in CephLab.Environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        Stopwatch clock = Stopwatch.StartNew();
        while (!CephLab.Run($"rbd lock ls rbd/{_image}").Contains("client.", StringComparison.Ordinal))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1) && !process.HasExited, "it doesn't write");
        }

        return new Killed(process);
    }

    private sealed class Killed(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        /// <summary>As somebody who is done: lock and watch are given back.</summary>
        public void End()
        {
            Tool.Check("/bin/kill", "-INT", $"{process.Id}");
            process.WaitForExit();
        }
    }
}
