using System.Diagnostics;
using BlockRbd.BootExtract;
using BlockRbd.BootExtract.Disks;
using BlockRbd.Ceph;
using BlockRbd.GuestDisk;
using BlockRbd.Linux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>A cluster whose monitor answers and whose OSD doesn't.</summary>
[Collection(nameof(Alone))]
public sealed class FrozenClusterTests
{
    private const string Image = "frozen";

    private static readonly Lazy<string> Made = new(static () => CephLab.Run($"rbd import --no-progress {PygrubRbd.Disk("msdos")} rbd/{Image}"));

    [Fact]
    public void Opening_an_image_is_given_up_in_time()
    {
        _ = Made.Value;
        Stopwatch watch;
        ToolResult result;
        using (CephLab.Freeze("osd"))
        {
            watch = Stopwatch.StartNew();
            result = PygrubRbd.Run(CephLab.Environment, "-l", $"rbd/{Image},timeout=3");
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
        Assert.Equal((int)ExitCode.InputError, result.ExitCode);
        Assert.Contains("the cluster did not answer in time", result.Error, StringComparison.Ordinal);
        Assert.Contains("('ceph -s' shows whether its OSDs are up)", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("on this host", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_that_does_not_come_back_is_an_error_of_the_disk_and_the_next_one_works()
    {
        _ = Made.Value;
        CephLab.LoadLibraries();
        CephCluster cluster = CephCluster.Connect(new() { Conf = CephLab.Conf }, Deadline.After(TimeSpan.FromSeconds(20)));
        using RbdImageSource source = RbdImageSource.Open(cluster.OpenPool("rbd"), Image, null, TimeSpan.FromSeconds(2));
        using (CephLab.Freeze("osd"))
        {
            SourceReadException e = Assert.Throws<SourceReadException>(() => source.ReadExactly(0, 4096));
            Assert.StartsWith($"rbd/{Image}: can't read at byte 0: the cluster did not answer in time", e.Message);
        }

        using FileStream file = File.OpenRead(PygrubRbd.Disk("msdos"));
        byte[] expected = new byte[4096];
        file.ReadExactly(expected);
        Assert.Equal(expected, source.ReadExactly(0, 4096));
        Assert.Equal(file.Length, source.Length);
    }
}
