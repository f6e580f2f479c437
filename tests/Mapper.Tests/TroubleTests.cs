using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Mapper.Tests;

/// <summary>A cluster, a key or a device that isn't as it should be: the right sentence, by the deadline, and nothing left.</summary>
[Collection(nameof(Alone))]
public sealed class TroubleTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly string _image = TestHost.NewImage();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_frozen_monitor_is_given_up_by_the_deadline()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=5");
        using (CephLab.Freeze("mon"))
        {
            Assert.Contains("no monitor answered", Bounded.Within(8, () => _host.MustRefuse(disk, 6)), StringComparison.Ordinal);
        }

        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_frozen_OSD_is_given_up_by_the_deadline()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=5");
        using (CephLab.Freeze("osd"))
        {
            Assert.Contains("did not answer in time", Bounded.Within(8, () => _host.MustRefuse(disk, 6)), StringComparison.Ordinal);
        }

        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_remove_with_the_cluster_away_unmaps_and_leaves_the_lock_for_recover()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=25");
        _host.MustAdd(disk);
        _host.SetTimeout(disk, 6);
        using (CephLab.Freeze("mon"))
        {
            ToolResult result = Bounded.Within(10, () => _host.Remove(disk));
            Assert.Equal(8, result.ExitCode);
            Assert.Contains("lock could not be released", result.Error, StringComparison.Ordinal);
            Assert.Empty(_host.MappedDevices());
        }

        Assert.Single(TestHost.Lockers(_image));
        Assert.Equal(0, _host.Program("recover").ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_monitor_that_is_gone_is_given_up_by_the_deadline()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=5,conf={ConfigurationWithMonitorAt(NobodysPort())}");
        Assert.Contains("no monitor answered", Bounded.Within(8, () => _host.MustRefuse(disk, 6)), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_remove_with_the_monitor_gone_unmaps_and_leaves_the_lock_for_recover()
    {
        string conf = ConfigurationWithMonitorAt(null);
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=25,conf={conf}");
        _host.MustAdd(disk);
        _host.SetTimeout(disk, 6);
        ConfigurationWithMonitorAt(NobodysPort());
        ToolResult result = Bounded.Within(10, () => _host.Remove(disk));
        Assert.Equal(8, result.ExitCode);
        Assert.Contains("is unmapped, but its attach lock could not be released: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(_host.MappedDevices());
        Assert.Single(TestHost.Lockers(_image));
        ToolResult status = _host.Program("status");
        Assert.Equal(9, status.ExitCode);
        Assert.Contains("was left at step Unlocking", status.Text, StringComparison.Ordinal);

        ConfigurationWithMonitorAt(null);
        Assert.Equal(0, _host.Program("recover").ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void An_add_behind_a_killed_one_with_the_monitor_gone_says_what_is_left()
    {
        string conf = ConfigurationWithMonitorAt(null);
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=10,conf={conf}");
        Assert.Equal(137, _host.Add(disk, "locked").ExitCode);
        ConfigurationWithMonitorAt(NobodysPort());
        string reason = Bounded.Within(13, () => _host.MustRefuse(disk, 8));
        Assert.Contains("what an earlier run left is still there", reason, StringComparison.Ordinal);
        ConfigurationWithMonitorAt(null);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void On_a_full_cluster_disks_are_attached_and_let_go_of()
    {
        // The stand-in's devices are librbd's, which has to wait for room as a guest that writes has; what stands for the disk must not.
        _host.Misbehave("map-light", $"{8 << 20} {TestHost.ImageId(_image)} {CephLab.Run("ceph fsid").Trim()}");
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        using (FullCluster())
        {
            _host.MustRemove(disk);
            _host.AssertNothingLeft(_image);
            _host.MustAdd(disk);
            Assert.Single(TestHost.Lockers(_image));
            _host.MustRemove(disk);
            _host.AssertNothingLeft(_image);
        }
    }

    [Fact]
    public void The_lock_of_an_image_whose_pool_was_renamed_is_released()
    {
        CephLab.Run("ceph osd pool create renamed 8 8");
        CephLab.Run("rbd pool init renamed");
        CephLab.Run("rbd create --size 4M renamed/img");
        Disk disk = _host.NewDisk("renamed:img");
        _host.MustAdd(disk);
        CephLab.Run("ceph osd pool rename renamed other-name");
        CephLab.Run("ceph osd pool create renamed 8 8"); // and its name is another pool's now
        Assert.Contains("held", _host.Program("status").Text, StringComparison.Ordinal);
        _host.MustRemove(disk);
        Assert.Equal("", _host.Program("locks", "other-name").Text);
        _host.AssertNothingLeft();
    }

    [Fact]
    public void Status_with_a_frozen_OSD_shows_every_disk_by_its_deadline()
    {
        Disk[] disks = [.. Enumerable.Range(0, 4).Select(_ => _host.NewDisk($"rbd:{TestHost.NewImage()}"))];
        Array.ForEach(disks, disk => _host.MustAdd(disk));
        using (CephLab.Freeze("osd"))
        {
            ToolResult status = Bounded.Within(12, () => _host.Program("status", "--timeout", "10"));
            Assert.Equal((9, ""), (status.ExitCode, status.Error));
            Assert.All(disks, disk => Assert.Contains($"{disk.Name} ", status.Text, StringComparison.Ordinal));
            Assert.Contains("did not answer in time", status.Text, StringComparison.Ordinal);
            Assert.Contains("the cluster was not asked", status.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("xenstore", status.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wrong_key_says_whose()
    {
        string keyring = Path.Combine(_host.Kernel, "wrong.keyring");
        File.WriteAllText(keyring, "[client.xen]\n\tkey = AQBGpHdlAAAAABAAh9zDwrQpVPjPEmfUqnrZfQ==\n");
        Assert.Contains("client.xen", _host.MustRefuse(_host.NewDisk($"rbd:{_image},id=xen,keyring={keyring}"), 5), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_user_without_capabilities_is_told_which_are_needed()
    {
        string keyring = Path.Combine(CephLab.Folder, "ceph.client.nocaps.keyring");
        Assert.Contains("profile rbd", _host.MustRefuse(_host.NewDisk($"rbd:{_image},id=nocaps,keyring={keyring}"), 5), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void The_user_for_domains_can_do_all_that_is_needed()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},id=xen,keyring={Path.Combine(CephLab.Folder, "ceph.client.xen.keyring")}");
        _host.MustAdd(disk);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public async Task An_image_that_is_removed_between_the_check_and_the_mapping_leaves_nothing()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        using Gate gate = _host.HoldMapping("before");
        Task<string> refused = Task.Run(() => _host.MustRefuse(disk, 7), TestContext.Current.CancellationToken);
        gate.Await();
        CephLab.Run($"rbd rm --no-progress rbd/{_image}");
        gate.Dispose();
        Assert.Contains(_image, await refused, StringComparison.Ordinal);
        _host.AssertNothingLeft();
    }

    [Fact]
    public void A_map_command_that_hangs_is_given_up_by_the_deadline()
    {
        _host.Misbehave("map-hang", "1");
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=4");
        Bounded.Within(8, () => _host.MustRefuse(disk, 6));
        _host.Misbehave("map-hang");
        Assert.Empty(_host.MappedDevices());
        Assert.Empty(TestHost.Lockers(_image));
    }

    [Fact]
    public async Task A_cluster_that_goes_away_while_it_is_mapped_leaves_what_recover_repairs()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=8");
        using (Gate gate = _host.HoldMapping("before"))
        {
            Task<ToolResult> added = Task.Run(() => Bounded.Within(14, () => _host.Add(disk)), TestContext.Current.CancellationToken);
            gate.Await();
            using (CephLab.Freeze("osd"))
            {
                gate.Dispose();
                Assert.NotEqual(0, (await added).ExitCode);
            }
        }

        Assert.Equal("error", _host.Node(disk, "hotplug-status"));
        Assert.Contains("lock could not be released", _host.Node(disk, "hotplug-error"), StringComparison.Ordinal);
        Assert.Equal(0, _host.Program("recover").ExitCode);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_map_command_that_fails_is_quoted()
    {
        _host.Misbehave("map-error", "6 map failed: (6) No such device or address");
        Assert.Contains("No such device or address", _host.MustRefuse(_host.NewDisk($"rbd:{_image}"), 7), StringComparison.Ordinal);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_busy_device_is_retried_and_its_holder_named()
    {
        Disk disk = _host.NewDisk($"rbd:{_image},timeout=25");
        string device = _host.MustAdd(disk);
        _host.SetTimeout(disk, 4);
        using (FileStream open = File.OpenRead(device))
        {
            ToolResult result = Bounded.Within(8, () => _host.Remove(disk));
            Assert.Equal(8, result.ExitCode);
            Assert.Contains($"{Environment.ProcessId}", result.Error, StringComparison.Ordinal);
            Assert.Single(TestHost.Lockers(_image)); // what may still be written stays locked
        }

        _host.SetTimeout(disk, 25);
        _host.MustRemove(disk);
        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_device_that_is_let_go_of_in_time_is_unmapped()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string device = _host.MustAdd(disk);
        FileStream open = File.OpenRead(device);
        using (new Timer(_ => open.Dispose(), null, TimeSpan.FromSeconds(1.5), Timeout.InfiniteTimeSpan))
        {
            _host.MustRemove(disk);
        }

        _host.AssertNothingLeft(_image);
    }

    [Fact]
    public void A_renamed_image_is_let_go_of()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        CephLab.Run($"rbd rename rbd/{_image} rbd/{_image}-new");
        _host.MustRemove(disk);
        _host.AssertNothingLeft($"{_image}-new");
    }

    [Fact]
    public void Of_several_mappings_of_one_image_remove_takes_its_own()
    {
        string mine = _host.StandIn("device", "map", $"rbd/{_image}", "--read-only");
        Disk disk = _host.NewDisk($"rbd:{_image}");
        _host.MustAdd(disk);
        string later = _host.StandIn("device", "map", $"rbd/{_image}", "--read-only");
        _host.MustRemove(disk);
        Assert.Equal([mine, later], _host.MappedDevices().Order());
    }

    [Fact]
    public void A_number_that_was_given_to_another_mapping_meanwhile_is_not_ours_any_more()
    {
        Disk disk = _host.NewDisk($"rbd:{_image}");
        string device = _host.MustAdd(disk);
        _host.StandIn("device", "unmap", "/dev/" + Path.GetFileName(device));
        string other = TestHost.NewImage();
        Assert.Equal(device, _host.StandIn("device", "map", $"rbd/{other}"));
        _host.MustRemove(disk);
        Assert.Equal([device], _host.MappedDevices());
        Assert.Empty(TestHost.Lockers(_image));
    }

    /// <summary>A cluster whose OSD is over its full ratio, until what is returned is disposed of.</summary>
    private static Undo FullCluster()
    {
        SetRatios("0.000001", "0.000001", "0.000001");
        Stopwatch clock = Stopwatch.StartNew();
        while (!IsFull())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "the cluster did not become full");
            Thread.Sleep(200);
        }

        return new Undo(static () =>
        {
            SetRatios("0.95", "0.9", "0.85");
            while (IsFull())
            {
                Thread.Sleep(200);
            }
        });

        static void SetRatios(string full, string backfillfull, string nearfull)
        {
            CephLab.Run($"ceph osd set-full-ratio {full}");
            CephLab.Run($"ceph osd set-backfillfull-ratio {backfillfull}");
            CephLab.Run($"ceph osd set-nearfull-ratio {nearfull}");
        }

        static bool IsFull() => CephLab.Run("ceph osd dump").Contains(",full,", StringComparison.Ordinal);
    }

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }

    /// <summary>A port of this machine that refuses connections.</summary>
    private static int NobodysPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The cluster's configuration, with its monitor at another port where one is given.</summary>
    private string ConfigurationWithMonitorAt(int? port)
    {
        string path = Path.Combine(_host.Kernel, "ceph.conf");
        string text = File.ReadAllText(CephLab.Conf);
        if (port is not null)
        {
            string changed = Regex.Replace(text, @"(?m)^(mon.host\s*=.*)$", $"mon_host = v2:127.0.0.1:{port}");
            Assert.NotEqual(text, changed);
            text = changed;
        }

        File.WriteAllText(path, text);
        return path;
    }
}
