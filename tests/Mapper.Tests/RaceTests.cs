using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>At the same moment, again and again.</summary>
[Collection(nameof(Alone))]
public sealed class RaceTests : IDisposable
{
    private readonly TestHost _a = new();
    private readonly TestHost _b = new();

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public void Twenty_four_disks_at_once_attached_and_detached_twenty_times_leave_nothing()
    {
        string[] images = [.. Enumerable.Range(0, 24).Select(static _ => TestHost.NewImage("4M"))];
        Disk first = _a.NewDisk($"rbd:{images[0]}");
        Disk[] disks = [.. images.Select((image, i) => _a.Write(first with
        {
            Target = $"rbd:{image}", DeviceId = 51712 + (uint)(16 * i), VirtualDevice = "xvd" + (char)('a' + i),
        }))];
        for (int round = 0; round < 20; round++)
        {
            ToolResult[] adds = AllAtOnce(disks, _a.Add);
            Assert.All(adds, static r => Assert.True(r.ExitCode == 0, r.Error));
            Assert.Equal(24, _a.MappedDevices().Length);
            Assert.Equal(24, disks.Select(d => _a.Node(d, "physical-device")).Distinct().Count());
            ToolResult[] removes = AllAtOnce(disks, _a.Remove);
            Assert.All(removes, static r => Assert.True(r.ExitCode == 0, r.Error));
            _a.AssertNothingLeft();
        }

        _a.AssertNothingLeft(images);
        Assert.Empty(Processes());
    }

    [Theory]
    [InlineData("w", "w", false)]
    [InlineData("r", "w", false)]
    [InlineData("w", "w", true)]
    public void Of_two_hosts_that_want_one_image_exactly_one_gets_it(string first, string second, bool sameUuid)
    {
        string image = TestHost.NewImage("4M");
        // Who may is decided by the lock alone: no device has to be made a thousand times.
        string light = $"{4 << 20} {TestHost.ImageId(image)} {CephLab.Run("ceph fsid").Trim()}";
        _a.Misbehave("map-light", light);
        _b.Misbehave("map-light", light);
        Guid uuid = Guid.NewGuid();
        Disk diskA = _a.NewDisk($"rbd:{image}", first, name: "vm", uuid: uuid);
        Disk diskB = _b.NewDisk($"rbd:{image}", second, name: "vm", uuid: sameUuid ? uuid : Guid.NewGuid());
        for (int race = 0; race < Races; race++)
        {
            ToolResult[] results = AllAtOnce([(_a, diskA), (_b, diskB)], static side => side.Item1.Add(side.Item2));
            int[] codes = [.. results.Select(static r => r.ExitCode).Order()];
            Assert.True(codes is [0, 3], $"race {race}: {string.Join(" | ", results.Select(static r => $"{r.ExitCode} {r.Error}"))}");
            Assert.Equal(1, _a.MappedDevices().Length + _b.MappedDevices().Length);
            TestHost winner = results[0].ExitCode == 0 ? _a : _b;
            winner.MustRemove(winner == _a ? diskA : diskB);
        }

        _a.AssertNothingLeft(image);
        _b.AssertNothingLeft();
    }

    // 500 unless a developer in a hurry says otherwise.
    private static int Races => int.TryParse(Environment.GetEnvironmentVariable("BLOCK_RBD_RACES"), out int races) ? races : 500;

    private static ToolResult[] AllAtOnce(Disk[] disks, Func<Disk, string?, ToolResult> run) => AllAtOnce(disks, disk => run(disk, null));

    internal static ToolResult[] AllAtOnce<T>(T[] inputs, Func<T, ToolResult> run)
    {
        using Barrier start = new(inputs.Length);
        ToolResult[] results = new ToolResult[inputs.Length];
        Thread[] threads = [.. inputs.Select((input, i) => new Thread(() =>
        {
            start.SignalAndWait();
            results[i] = run(input);
        }))];
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());
        return results;
    }

    private string[] Processes() => [.. Directory.GetDirectories("/proc").Where(IsOurs)];

    // Whatever still lives and was started for this host.
    private bool IsOurs(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ")).Contains($"BLOCK_RBD_STANDIN={_a.Kernel}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
