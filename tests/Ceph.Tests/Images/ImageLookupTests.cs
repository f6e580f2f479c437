using BlockRbd.Ceph.Images;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests.Images;

public sealed class ImageLookupTests
{
    [Fact]
    public void An_image_is_described_as_the_rbd_tool_describes_it()
    {
        string name = Lab.NewImage("info", options: "--size 12M --image-feature layering,exclusive-lock");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");

        ImageInfo info = ImageLookup.Find(pool, name, null, readOnly: false);

        Assert.Contains($"\tid: {info.Id}\n", CephLab.Run($"rbd info rbd/{name}"), StringComparison.Ordinal);
        Assert.Equal((12L << 20, RbdFeatures.Layering | RbdFeatures.ExclusiveLock), (info.Size, info.Features));
        Assert.Equal((null, null, $"rbd/{name}"), (info.Parent, info.Snapshot, info.FullName));
        Assert.Empty(info.Lock.Lockers);
    }

    [Fact]
    public void A_snapshot_has_its_own_size_and_number()
    {
        string name = Lab.NewImage("snapped");
        CephLab.Run($"rbd snap create rbd/{name}@one");
        CephLab.Run($"rbd resize --no-progress --size 16M rbd/{name}");
        CephLab.Run($"rbd snap create rbd/{name}@two");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");

        ImageInfo one = ImageLookup.Find(pool, name, "one", readOnly: true);
        ImageInfo two = ImageLookup.Find(pool, name, "two", readOnly: true);

        Assert.Equal((8L << 20, 16L << 20), (one.Size, two.Size));
        Assert.Contains($"{two.Snapshot!.Id}  two", CephLab.Run($"rbd snap ls rbd/{name}"), StringComparison.Ordinal);
        Assert.Equal($"rbd/{name}@two", two.FullName);
    }

    [Fact]
    public void An_image_in_a_namespace_is_not_the_one_outside()
    {
        CephLab.TryRun("rbd namespace create rbd/ns1");
        string name = Lab.NewImage("inside", "rbd/ns1", "--size 4M");
        using CephCluster cluster = Lab.Connect();
        using CephPool inside = cluster.OpenPool("rbd", "ns1");
        using CephPool outside = cluster.OpenPool("rbd");

        Assert.Equal($"rbd/ns1/{name}", ImageLookup.Find(inside, name, null, readOnly: false).FullName);
        Assert.Null(ImageLookup.TryFindId(outside, name));
    }

    [Fact]
    public void A_clone_names_its_parent()
    {
        string parent = Lab.NewImage("gold");
        CephLab.Run($"rbd snap create rbd/{parent}@v1");
        string child = Lab.NewName("child");
        CephLab.Run($"rbd clone --rbd-default-clone-format 2 rbd/{parent}@v1 other/{child}");
        using CephCluster cluster = Lab.Connect();
        using CephPool parents = cluster.OpenPool("rbd");
        using CephPool children = cluster.OpenPool("other");
        ImageInfo snapshot = ImageLookup.Find(parents, parent, "v1", readOnly: true);

        ImageInfo info = ImageLookup.Find(children, child, null, readOnly: false);

        Assert.Equal(new ImageParent(parents.Id, "", snapshot.Id, snapshot.Snapshot!.Id), info.Parent);
    }

    [Fact]
    public void What_does_not_exist_is_named()
    {
        string name = Lab.NewImage("vm1-data");
        CephLab.Run($"rados -p rbd create {name}-old.rbd"); // all that a format 1 image can be known by
        CephLab.TryRun("rbd namespace create rbd/ns1");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        using CephPool empty = cluster.OpenPool("rbd", "ns1");
        using CephPool nowhere = cluster.OpenPool("rbd", "nowhere");

        // A part of another image's name is no image.
        Assert.Equal($"image rbd/{name[..5]} does not exist ('rbd ls rbd' shows those that do)", Refused(() => ImageLookup.Find(pool, name[..5], null, false)));
        Assert.Equal($"image rbd/{name} has no snapshot s ('rbd snap ls rbd/{name}' shows those it has)", Refused(() => ImageLookup.Find(pool, name, "s", true)));
        Assert.Equal($"image rbd/ns1/{name} does not exist ('rbd ls rbd/ns1' shows those that do)", Refused(() => ImageLookup.Find(empty, name, null, false)));
        Assert.Equal("pool rbd has no namespace nowhere ('rbd namespace ls rbd' shows those it has)", Refused(() => ImageLookup.Find(nowhere, name, null, false)));
        Assert.Equal(
            $"image rbd/{name}-old has the old format 1: 'rbd migration prepare rbd/{name}-old' makes it a format 2 image",
            Refused(() => ImageLookup.Find(pool, name + "-old", null, false)));
        Assert.Equal($"pool nosuch does not exist in cluster {cluster.Fsid} ('ceph osd pool ls' shows those that do)", Refused(() => cluster.OpenPool("nosuch")));
    }

    private static string Refused(Action action) => Assert.Throws<CephException>(action).Message;
}
