using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests;

[Collection(nameof(Alone))]
public sealed class CostTests
{
    [Fact]
    public void Finding_an_image_takes_two_operations_taking_its_lock_one_and_giving_it_back_two()
    {
        string name = Lab.NewImage("counted");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        AttachRequest request = Lab.Request(Lab.Holder());
        string cookie = AttachLock.NewCookie(request.Holder);
        long before = Lab.Operations();

        ImageInfo image = ImageLookup.Find(pool, name, null, readOnly: false);
        long found = Lab.Operations();
        AttachLock.Take(pool, image, request, cookie, static _ => { });
        long taken = Lab.Operations();
        AttachLock.Release(pool, image.Id, image.Lock.Name, cookie);

        Assert.Equal((2, 1, 2), (found - before, taken - found, Lab.Operations() - taken));
    }

    [Fact]
    public void A_snapshot_is_found_behind_more_of_them_than_the_osd_gives_at_once()
    {
        string name = Lab.NewImage("many");
        string[] snapshots = ["a", "b", "c", "d", "e"];
        Array.ForEach(snapshots, snapshot => CephLab.Run($"rbd snap create --no-progress rbd/{name}@{snapshot}"));
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        CephLab.Run($"ceph daemon {CephLab.Folder}/run/osd.0.asok config set osd_max_omap_entries_per_request 2");
        try
        {
            Assert.All(snapshots, snapshot => Assert.Equal(snapshot, ImageLookup.Find(pool, name, snapshot, readOnly: true).Snapshot!.Name));
            Assert.Throws<CephException>(() => ImageLookup.Find(pool, name, "f", readOnly: true));
            Assert.Contains(PoolImages.List(pool), entry => entry.Key == name);
        }
        finally
        {
            CephLab.Run($"ceph daemon {CephLab.Folder}/run/osd.0.asok config set osd_max_omap_entries_per_request 1024");
        }
    }
}
