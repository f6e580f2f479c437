using System.Text.Json;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests.Locks;

public sealed class AttachLockTests
{
    [Fact]
    public void The_rados_tool_shows_the_lock_as_it_was_taken()
    {
        string name = Lab.NewImage("shown");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        AttachHolder holder = Lab.Holder() with { Domain = "my vm=1 \u001b[0m" };

        string cookie = Lab.Attach(pool, name, Lab.Request(holder));

        string id = ImageLookup.TryFindId(pool, name)!;
        using JsonDocument info = JsonDocument.Parse(CephLab.Run($"rados -p rbd lock info rbd_header.{id} xen.attach"));
        JsonElement locker = Assert.Single(info.RootElement.GetProperty("lockers").EnumerateArray().ToArray());
        Assert.Equal(("shared", $"w:{holder.Machine}"), (info.RootElement.GetProperty("type").GetString(), info.RootElement.GetProperty("tag").GetString()));
        Assert.Equal(cookie, locker.GetProperty("cookie").GetString());
        Assert.Equal(
            "host=h1 hostid=id-h1 boot=b1 domain=my%20vm%3D1%20%1B%5B0m domid=1 uuid=00000001-0000-0000-0000-000000000000 vdev=xvda path=backend%2Fvbd%2F1%2Fxvda mode=w since=0",
            locker.GetProperty("description").GetString());
        // and read back by us
        AttachLocker ours = Assert.Single(AttachLock.Read(pool, name, id, AttachLock.Name).Lockers);
        Assert.Equal((holder, locker.GetProperty("addr").GetString(), locker.GetProperty("name").GetString()), (ours.Holder, ours.Address, $"client.{ours.Client}"));
        Assert.Equal(@"domain 'my vm=1 \x1b[0m' (uuid 00000001-0000-0000-0000-000000000000, xvda) on host h1 since 1970-01-01T00:00:00Z, for writing", ours.Describe());
    }

    [Fact]
    public void A_second_writer_is_refused_and_told_who_has_it()
    {
        string name = Lab.NewImage("second");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        Lab.Attach(pool, name, Lab.Request(Lab.Holder("h1")));

        CephException e = Assert.Throws<CephException>(() => Lab.Attach(pool, name, Lab.Request(Lab.Holder("h2", machine: Lab.Machine(2)))));

        Assert.Equal(
            (CephFault.Conflict, $"image rbd/{name} is attached to domain vm1 (uuid 00000001-0000-0000-0000-000000000000, xvda) on host h1 since 1970-01-01T00:00:00Z, for writing: another machine has it"),
            (e.Fault, e.Message));
    }

    [Fact]
    public void A_lock_that_was_given_back_is_free_again_and_giving_it_back_twice_is_no_error()
    {
        string name = Lab.NewImage("again");
        using CephCluster first = Lab.Connect();
        using CephCluster second = Lab.Connect();
        using CephPool pool = first.OpenPool("rbd");
        using CephPool other = second.OpenPool("rbd");
        string id = ImageLookup.TryFindId(pool, name)!;
        string cookie = Lab.Attach(pool, name, Lab.Request(Lab.Holder("h1")));

        // by another process than the one that took it, as remove is
        Assert.True(AttachLock.Release(other, id, AttachLock.Name, cookie));
        Assert.False(AttachLock.Release(other, id, AttachLock.Name, cookie));
        cookie = Lab.Attach(other, name, Lab.Request(Lab.Holder("h2", machine: Lab.Machine(2))));
        Assert.True(AttachLock.Release(pool, id, AttachLock.Name, cookie));
        Assert.False(AttachLock.Release(pool, id, AttachLock.Name, cookie));
        Assert.Empty(AttachLock.ReadAll(pool, name, id));
    }

    [Fact]
    public void Locking_an_image_that_was_removed_meanwhile_does_not_make_it_again()
    {
        string name = Lab.NewImage("removed");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        ImageInfo image = ImageLookup.Find(pool, name, null, readOnly: false);
        CephLab.Run($"rbd rm --no-progress rbd/{name}");

        foreach (bool write in (bool[])[true, false])
        {
            AttachRequest request = Lab.Request(Lab.Holder(write: write));
            CephException e = Assert.Throws<CephException>(() => AttachLock.Take(pool, image, request, "c", static _ => { }));
            Assert.Equal($"image rbd/{name} was removed meanwhile", e.Message);
        }

        Assert.NotEqual(0, CephLab.TryRun($"rados -p rbd stat rbd_header.{image.Id}").ExitCode);
        Assert.False(AttachLock.Release(pool, image.Id, AttachLock.Name, "c"));
    }

    [Fact]
    public void The_lock_stays_through_a_rename_and_does_not_disturb_librbds_own()
    {
        string name = Lab.NewImage("renamed");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        Lab.Attach(pool, name, Lab.Request(Lab.Holder()));

        CephLab.Run($"rbd bench --io-type write --io-size 4K --io-total 64K rbd/{name}");
        CephLab.Run($"rbd rename rbd/{name} rbd/{name}-new");

        Assert.Single(ImageLookup.Find(pool, name + "-new", null, readOnly: false).Lock.Lockers);
    }

    [Fact]
    public void What_this_hosts_former_boot_left_is_taken_over_and_said()
    {
        string name = Lab.NewImage("stale");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        Lab.Attach(pool, name, Lab.Request(Lab.Holder(boot: "b0")));
        List<string> log = [];

        string cookie = Lab.Attach(pool, name, Lab.Request(Lab.Holder(boot: "b1", machine: Lab.Machine(2))), log.Add);

        Assert.Equal(cookie, Assert.Single(ImageLookup.Find(pool, name, null, readOnly: false).Lock.Lockers).Cookie);
        Assert.Contains("taking over what this host left behind", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_under_our_name_is_refused_and_named()
    {
        string name = Lab.NewImage("foreign");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        string id = ImageLookup.TryFindId(pool, name)!;
        CephLab.Run($"rados -p rbd lock get rbd_header.{id} xen.attach --lock-cookie x --lock-tag r --lock-type shared --lock-description hello");

        CephException e = Assert.Throws<CephException>(() => Lab.Attach(pool, name, Lab.Request(Lab.Holder())));

        Assert.Matches(@"is attached to client\.\d+ at 127\.0\.0\.1:0/\d+, which says 'hello': something else than block-rbd locked it$", e.Message);
    }

    [Fact]
    public void A_damaged_lock_is_refused()
    {
        string name = Lab.NewImage("damaged");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        string id = ImageLookup.TryFindId(pool, name)!;
        CephLab.Run($"rados -p rbd setxattr rbd_header.{id} lock.xen.attach nonsense");

        Assert.Equal(CephFault.Malformed, Assert.Throws<CephException>(() => Lab.Attach(pool, name, Lab.Request(Lab.Holder()))).Fault);
    }

    [Fact]
    public void A_snapshots_lock_does_not_keep_writers_from_its_image()
    {
        string name = Lab.NewImage("snaplock");
        CephLab.Run($"rbd snap create rbd/{name}@s");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        AttachRequest reader = Lab.Request(Lab.Holder("h1", write: false));
        ImageInfo snapshot = ImageLookup.Find(pool, name, "s", readOnly: true);

        AttachLock.Take(pool, snapshot, reader, AttachLock.NewCookie(reader.Holder), static _ => { });
        Lab.Attach(pool, name, Lab.Request(Lab.Holder("h2", machine: Lab.Machine(2))));

        Assert.Equal(
            ["xen.attach", $"xen.attach@{snapshot.Snapshot!.Id}"],
            AttachLock.ReadAll(pool, name, snapshot.Id).Select(static state => state.Name).Order(StringComparer.Ordinal));
    }
}
