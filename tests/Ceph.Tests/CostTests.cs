using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using Xunit;

namespace BlockRbd.Ceph.Tests;

[Collection(nameof(Alone))]
public sealed class CostTests
{
    [Fact]
    public void Finding_an_image_takes_two_operations_and_its_lock_one_each_way()
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
        AttachLock.Release(pool, image.Id, image.Lock.Name, (long)cluster.InstanceId, cookie);

        Assert.Equal((2, 1, 1), (found - before, taken - found, Lab.Operations() - taken));
    }
}
