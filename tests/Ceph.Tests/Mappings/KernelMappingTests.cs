using System.Diagnostics;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.Linux;
using Xunit;

namespace BlockRbd.Ceph.Tests.Mappings;

public sealed class KernelMappingTests
{
    [Theory]
    [InlineData("", false, null, "", "device map --device-type krbd --options noudev,noshare --pool p --image i --conf /etc/ceph/ceph.conf")]
    [InlineData("", true, null, "", "device map --device-type krbd --options noudev,noshare --read-only --pool p --image i --conf /etc/ceph/ceph.conf")]
    [InlineData("", true, "s", "n", "device map --device-type krbd --options noudev,noshare --read-only --pool p --namespace n --image i --snap s --conf /etc/ceph/ceph.conf")]
    [InlineData(",map-options=queue_depth=8,rxbounce,id=xen,conf=/c,cluster=b,keyring=/k", false, null, "",
        "device map --device-type krbd --options noudev,noshare,queue_depth=8,rxbounce --pool p --image i --id xen --conf /c --cluster b --keyring /k")]
    [InlineData(",device-type=nbd", false, null, "", "device map --device-type nbd --pool p --image i --conf /etc/ceph/ceph.conf")]
    public void The_rbd_program_is_told_everything_in_arguments_of_their_own(string options, bool readOnly, string? snapshot, string name, string arguments) =>
        Assert.Equal(arguments, string.Join(' ', FakeHost.Request(options, readOnly, snapshot, name).Arguments()));

    [Fact]
    public void A_key_never_becomes_an_argument_that_everybody_can_read()
    {
        MapRequest request = FakeHost.Request() with { Options = RbdTarget.Parse("rbd:p/i:key=AQBj").Options };

        Assert.Equal("a key= in the target can't be used for mapping: put it into a keyring", Assert.Throws<CephException>(request.Arguments).Message);
    }

    [Fact]
    public void What_was_mapped_is_told_by_the_kernel()
    {
        using FakeHost host = new(map: "appear 7 current_snap s; echo 1 > block/rbd7/ro; echo /dev/rbd7");

        MappedImage mapped = Map(host, FakeHost.Request(readOnly: true, snapshot: "s"));

        Assert.Equal(("p/i@s", 7, host.Paths.Dev + "/rbd7", 252, 112), (mapped.FullName, mapped.Number, mapped.Device, mapped.Major, mapped.Minor));
        Assert.Equal((FakeHost.Fsid, "10abc", 8L << 20, true), (mapped.ClusterFsid, mapped.ImageId, mapped.Size, mapped.IsReadOnly));
        Assert.Equal(mapped, Assert.Single(host.Mapping.Find(FakeHost.Fsid, "p", "", "i", "s")));
        Assert.Empty(host.Mapping.Find(Guid.NewGuid(), "p", "", "i", "s"));
        Assert.Empty(host.Mapping.Find(FakeHost.Fsid, "p", "", "i", null));
    }

    [Theory]
    [InlineData("appear 0 image_id 10def; echo /dev/rbd0", "is not what was to be mapped: it is p/i with id 10def")]
    [InlineData("appear 0 cluster_fsid 99999999-2222-3333-4444-555555555555; echo /dev/rbd0", "in cluster 99999999-2222-3333-4444-555555555555, not p/i with id 10abc in 11111111-")]
    [InlineData("appear 0 current_snap s; echo /dev/rbd0", "it is p/i@s with id 10abc")]
    [InlineData("appear 0 pool q; echo /dev/rbd0", "it is q/i with id 10abc")]
    [InlineData("appear 0 size 4096; echo /dev/rbd0", "it has 4096 bytes, not 8388608")]
    [InlineData("appear 0 ro 1; echo /dev/rbd0", "it is read-only")]
    [InlineData("appear 0; echo /dev/rbd1", "says that it mapped /dev/rbd1, but the kernel has no such device")]
    [InlineData("appear 0; echo /dev/rbd0; echo more", @"named no device: '/dev/rbd0\x0amore\x0a'")]
    [InlineData("appear 0; echo /dev/rbd/p/i", @"named no device: '/dev/rbd/p/i\x0a'")]
    [InlineData("appear 0", "named no device: ''")]
    [InlineData("appear 0; echo 'rbd: map failed: (6) No such device or address' >&2; exit 6", "p/i can't be mapped: 'rbd: map failed: (6) No such device or address'")]
    [InlineData("appear 0; kill -9 $$", "p/i can't be mapped: rbd ended with 137")]
    [InlineData("echo 'sh: 1: /sbin/modinfo: not found' >&2; echo 'rbd: failed to load rbd kernel module (127)' >&2; exit 2", "the kernel's rbd module can't be loaded")]
    public void What_is_not_what_was_wanted_is_an_error_and_does_not_stay(string map, string message)
    {
        using FakeHost host = new(map);

        CephException e = Assert.Throws<CephException>(() => Map(host, FakeHost.Request()));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Empty(host.Mapping.List());
    }

    [Fact]
    public void What_was_there_before_or_belongs_to_another_stays_when_mapping_fails()
    {
        using FakeHost host = new(map: "appear 1; appear 2; exit 1", unmap: "for last; do :; done; vanish ${last#/dev/rbd}");
        host.Do("appear 0");

        Assert.Throws<CephException>(() => host.Mapping.Map(FakeHost.Request(), static mapped => mapped.Number == 1, Seconds(5), TestContext.Current.CancellationToken));

        Assert.Equal([0, 1], host.Mapping.List().Select(static mapped => mapped.Number));
    }

    [Fact]
    public void A_program_that_hangs_is_ended_with_all_it_started_and_its_mapping_is_found_again()
    {
        string mark = "7" + Random.Shared.Next(100_000, 999_999);
        using FakeHost host = new(map: $"appear 0; sleep {mark} & sleep {mark}");
        Stopwatch watch = Stopwatch.StartNew();

        CephException e = Assert.Throws<CephException>(() => Map(host, FakeHost.Request(), Seconds(0.4)));

        Assert.Equal((CephFault.Timeout, "mapping p/i did not end in time and was stopped ('dmesg' may say what the kernel waits for)"), (e.Fault, e.Message));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.4, 4);
        Assert.Empty(host.Mapping.List());
        Assert.NotEqual(0, Testing.Tool.Run("/usr/bin/pgrep", "-f", $"^sleep {mark}$").ExitCode);
    }

    [Fact]
    public void A_program_that_leaves_something_running_with_its_output_open_is_not_waited_for()
    {
        using FakeHost host = new(map: "appear 0; sleep 5 & echo /dev/rbd0");
        Stopwatch watch = Stopwatch.StartNew();

        Map(host, FakeHost.Request());

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 3);
    }

    [Fact]
    public void A_program_that_says_a_lot_does_not_block()
    {
        using FakeHost host = new(map: "appear 0; head -c 300000 /dev/zero >&2; echo /dev/rbd0");

        Assert.Equal(0, Map(host, FakeHost.Request()).Number);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        using FakeHost host = new();
        KernelMapping mapping = new(host.Paths with { Rbd = "/nonexistent/rbd" }, static _ => { });

        CephException e = Assert.Throws<CephException>(() => mapping.Map(FakeHost.Request(), static _ => false, Seconds(5), TestContext.Current.CancellationToken));

        Assert.Equal("/nonexistent/rbd can't be started: No such file or directory (Debian and RPM: package ceph-common)", e.Message);
    }

    [Fact]
    public void Unmapping_takes_the_very_device_and_twice_is_no_error()
    {
        using FakeHost host = new();
        MappedImage mapped = Map(host, FakeHost.Request());

        Assert.True(host.Mapping.Unmap(mapped, Seconds(5)));
        Assert.False(host.Mapping.Unmap(mapped, Seconds(5)));
        Assert.Equal("device unmap --device-type krbd --options noudev /dev/rbd0", Assert.Single(host.Calls, static call => call.Contains("unmap", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_later_mapping_with_the_same_number_is_left_alone()
    {
        using FakeHost host = new();
        MappedImage mapped = Map(host, FakeHost.Request());
        host.Do("vanish 0; appear 0");

        Assert.False(host.Mapping.Unmap(mapped, Seconds(5)));

        Assert.Single(host.Mapping.List());
        Assert.DoesNotContain(host.Calls, static call => call.Contains("unmap", StringComparison.Ordinal));
    }

    [Fact]
    public void A_busy_device_is_tried_again()
    {
        using FakeHost host = new(unmap: "[ -e third ] && vanish 0 || { [ -e second ] && : > third || : > second; echo 'rbd: unmap failed: (16) Device or resource busy' >&2; exit 16; }");
        MappedImage mapped = Map(host, FakeHost.Request());

        Assert.True(host.Mapping.Unmap(mapped, Seconds(10)));

        Assert.Equal(3, host.Calls.Count(static call => call.Contains("unmap", StringComparison.Ordinal)));
        Assert.Contains("is still there ('rbd: unmap failed: (16) Device or resource busy'), trying again", host.Log[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_stays_busy_names_who_holds_it()
    {
        using FakeHost host = new(unmap: "echo 'rbd: unmap failed: (16) Device or resource busy' >&2; exit 16");
        MappedImage mapped = Map(host, FakeHost.Request());
        host.Write("bus/xen-backend/devices/vbd-3-51712/physical_device", "fc:0\n");
        host.Write("bus/xen-backend/devices/vbd-4-51712/physical_device", "fc:10\n");
        host.Write("block/rbd0/rbd0p1/holders/dm-3/x", "");
        host.Write("block/rbd0/rbd0p1/dev", "252:1\n");
        host.Write("block/dm-3/dm/name", "vg-root\n");
        host.Write("proc/self/mountinfo", "36 35 252:1 / /mnt rw shared:1 - ext4 /dev/rbd0p1 rw\n37 35 8:1 / /home rw - ext4 /dev/sda1 rw\n");
        host.Write("block/loop4/loop/backing_file", host.Paths.Dev + "/rbd0\n");
        host.Write("proc/77/comm", "dd\n");
        host.Write("proc/77/fd/x", "");
        File.CreateSymbolicLink(Path.Combine(host.Paths.Proc, "77", "fd", "3"), host.Paths.Dev + "/rbd0");

        CephException e = Assert.Throws<CephException>(() => host.Mapping.Unmap(mapped, Seconds(0.3)));

        Assert.Equal(
            $"{mapped.Device} (p/i) can't be unmapped, it is held by Xen backend vbd-3-51712, dm-3 (vg-root), a mount at /mnt, /dev/loop4, process 77 (dd)", e.Message);
        Assert.DoesNotContain(host.Calls, static call => call.Contains("force", StringComparison.Ordinal));
    }

    [Fact]
    public void An_nbd_device_is_known_by_the_process_behind_it()
    {
        using FakeHost host = new(
            map: """
            mkdir -p block/nbd2 proc/99 dev; : > dev/nbd2; echo 99 > block/nbd2/pid; echo 16384 > block/nbd2/size; echo 0 > block/nbd2/ro; echo 43:64 > block/nbd2/dev
            printf 'rbd-nbd\0map\0--quiesce\0p/i\0--try-netlink\0' > proc/99/cmdline
            echo '99 (rbd-nbd x) S 1 99 99 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 11 0 4242 1 1' > proc/99/stat
            echo /dev/nbd2
            """,
            unmap: "rm -r block/nbd2");

        MappedImage mapped = Map(host, FakeHost.Request(",device-type=nbd"));

        Assert.Equal(("p/i", 43, 64, "99@4242", 8L << 20), (mapped.FullName, mapped.Major, mapped.Minor, mapped.Incarnation, mapped.Size));
        Assert.True(host.Mapping.Unmap(mapped, Seconds(5)));
        Assert.Equal("device unmap --device-type nbd /dev/nbd2", host.Calls[^1]);
    }

    [Theory]
    [InlineData(@"rbd-nbd\0map\0p/i\0", "p/i")]
    [InlineData(@"/usr/bin/rbd-nbd\0--conf\0/etc/ceph/ceph.conf\0--id\0xen\0map\0p/n/i@s\0--read-only\0", "p/n/i@s")]
    [InlineData(@"/usr/bin/rbd-nbd\0--id\0map\0--keyring\0/etc/attach\0map\0p/i\0", "p/i")]
    [InlineData(@"/usr/bin/rbd-nbd\0--id=map\0--cluster\0attach\0map\0p/map\0--exclusive\0", "p/map")]
    [InlineData(@"rbd-nbd\0map\0i\0--device\0/dev/nbd2\0", "rbd/i")]
    [InlineData(@"rbd-nbd\0attach\0--cookie=x\0p/i\0", "p/i")]
    [InlineData(@"rbd-nbd\0unmap\0p/i\0", null)]
    [InlineData(@"/usr/bin/nbd-client\0map\0p/i\0", null)]
    [InlineData("", null)]
    public void The_image_of_an_nbd_device_is_told_by_the_arguments_of_the_process_behind_it(string arguments, string? image)
    {
        using FakeHost host = new();
        host.Write("block/nbd2/pid", "99\n");
        host.Write("block/nbd2/size", "16384\n");
        host.Write("block/nbd2/dev", "43:64\n");
        host.Write("proc/99/cmdline", arguments.Replace(@"\0", "\0", StringComparison.Ordinal));

        Assert.Equal(image, host.Mapping.List().SingleOrDefault()?.FullName);
    }

    [Fact]
    public void Without_rbd_nbd_its_package_is_named()
    {
        // What rbd says then: common/SubProcess.cc exec, tools/rbd/action/Nbd.cc.
        using FakeHost host = new(map: "echo '/usr/bin/rbd-nbd: exec failed: (2) No such file or directory' >&2; echo 'rbd: rbd-nbd failed with error: /usr/bin/rbd-nbd: exit status: 1' >&2; exit 22");

        CephException e = Assert.Throws<CephException>(() => Map(host, FakeHost.Request(",device-type=nbd")));

        Assert.Contains("package rbd-nbd", e.Message, StringComparison.Ordinal);
    }

    private static MappedImage Map(FakeHost host, MapRequest request, Deadline? deadline = null) =>
        host.Mapping.Map(request, static _ => false, deadline ?? Seconds(10), TestContext.Current.CancellationToken);

    private static Deadline Seconds(double seconds) => Deadline.After(TimeSpan.FromSeconds(seconds));
}
