using System.Diagnostics;
using BlockRbd.Ceph.Images;
using BlockRbd.Linux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests;

[Collection(nameof(Alone))]
public sealed class FrozenClusterTests
{
    [Fact]
    public void A_frozen_osd_ends_at_the_deadline_even_when_that_has_come_nearer_since_the_connection()
    {
        string name = Lab.NewImage("frozen");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        ImageLookup.Find(pool, name, null, readOnly: false);

        using (CephLab.Freeze("osd"))
        {
            cluster.Deadline = Deadline.After(TimeSpan.FromSeconds(2));
            Stopwatch watch = Stopwatch.StartNew();

            CephException e = Assert.Throws<CephException>(() => ImageLookup.Find(pool, name, null, readOnly: false));

            Assert.Equal(CephFault.Timeout, e.Fault);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0.8, 4);
        }

        cluster.Deadline = Deadline.After(TimeSpan.FromSeconds(20));
        Assert.Equal(name, ImageLookup.Find(pool, name, null, readOnly: false).Name);
    }

    [Fact]
    public void Reading_an_image_from_a_frozen_osd_ends_at_the_deadline()
    {
        string name = Lab.NewImage("frozen");
        CephLab.Run($"rbd bench --io-type write --io-size 64K --io-total 1M rbd/{name}");
        using CephCluster cluster = Lab.Connect();
        using CephPool pool = cluster.OpenPool("rbd");
        using RbdImageReader reader = RbdImageReader.Open(pool, name, null);
        using (CephLab.Freeze("osd"))
        {
            cluster.Deadline = Deadline.After(TimeSpan.FromSeconds(2));
            Stopwatch watch = Stopwatch.StartNew();

            Assert.Equal(CephFault.Timeout, Assert.Throws<CephException>(() => reader.Read(0, new byte[1 << 20])).Fault);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0.8, 5);
        }
    }

    [Fact]
    public void A_frozen_monitor_ends_at_the_deadline()
    {
        Lab.Connect().Dispose();
        using IDisposable frozen = CephLab.Freeze("mon");
        Stopwatch watch = Stopwatch.StartNew();

        CephException e = Assert.Throws<CephException>(() => Lab.Connect(seconds: 2).Dispose());

        Assert.Equal(CephFault.Timeout, e.Fault);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.8, 4);
    }
}
