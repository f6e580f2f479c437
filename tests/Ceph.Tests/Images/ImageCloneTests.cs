using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Ceph.Tests.Images;

public sealed class ImageCloneTests : IDisposable
{
    private readonly CephCluster _cluster = Lab.Connect(seconds: 60);
    private readonly CephPool _pool;
    private readonly string _gold = Lab.NewImage("gold");
    private readonly List<string> _log = [];

    public ImageCloneTests()
    {
        _pool = _cluster.OpenPool("rbd");
        CephLab.Run($"rbd snap create rbd/{_gold}@v1");
        CephLab.Run($"rbd snap create rbd/{_gold}@v2");
    }

    public void Dispose()
    {
        _pool.Dispose();
        _cluster.Dispose();
    }

    [Fact]
    public void An_image_that_does_not_exist_is_cloned_once_without_protecting_the_snapshot()
    {
        string name = Lab.NewName("child");

        Ensure(_pool, name);
        Ensure(_pool, name);

        Assert.Equal($"cloning image rbd/{name} from rbd/{_gold}@v1", Assert.Single(_log));
        string info = CephLab.Run($"rbd info rbd/{name}");
        Assert.Contains($"parent: rbd/{_gold}@v1", info, StringComparison.Ordinal);
        Assert.Contains("clone-child", info, StringComparison.Ordinal);
        Assert.DoesNotContain(name + ".block-rbd-", CephLab.Run("rbd ls rbd"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clone_may_lie_in_another_pool_than_its_parent()
    {
        string name = Lab.NewName("child");
        using CephPool other = _cluster.OpenPool("other");

        ImageClone.Ensure(other, name, new CloneSource("rbd", "", _gold, "v1", Adopt: false), ImageClone.NewTemporaryName(name), _log.Add);

        Assert.Contains($"parent: rbd/{_gold}@v1", CephLab.Run($"rbd info other/{name}"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_something_else_is_refused_unless_it_may_be_adopted()
    {
        string plain = Lab.NewImage("plain");
        string child = Lab.NewName("child");
        Ensure(_pool, child, "v2");

        foreach (string name in (string[])[plain, child])
        {
            CephException e = Assert.Throws<CephException>(() => Ensure(_pool, name));
            Assert.Equal($"image rbd/{name} exists, but is not a clone of rbd/{_gold}@v1: remove or rename it, or allow it with clone-from=...,adopt", e.Message);
            Ensure(_pool, name, adopt: true);
        }
    }

    [Fact]
    public void A_snapshot_that_is_not_there_is_named() =>
        Assert.Contains($"image rbd/{_gold} has no snapshot v9", Assert.Throws<CephException>(() => Ensure(_pool, Lab.NewName("child"), "v9")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_killed_run_left_is_removed()
    {
        string temporary = ImageClone.NewTemporaryName("x");
        CephLab.Run($"rbd clone --rbd-default-clone-format 2 rbd/{_gold}@v1 rbd/{temporary}");

        ImageClone.RemoveUnfinished(_pool, temporary);
        ImageClone.RemoveUnfinished(_pool, temporary);

        Assert.Null(ImageLookup.TryFindId(_pool, temporary));
        Assert.Throws<ArgumentException>(() => ImageClone.RemoveUnfinished(_pool, _gold));
    }

    [Fact]
    public void What_was_killed_in_the_middle_of_the_renaming_is_finished_and_keeps_its_data()
    {
        string name = Lab.NewName("halfway");
        string temporary = ImageClone.NewTemporaryName(name);
        CephLab.Run($"rbd clone --rbd-default-clone-format 2 rbd/{_gold}@v1 rbd/{temporary}");
        // librbd's first step: the new name's id object
        CephLab.Run($"rados -p rbd cp rbd_id.{temporary} rbd_id.{name}");
        string id = ImageLookup.TryFindId(_pool, name)!;

        ImageClone.RemoveUnfinished(_pool, temporary);

        Assert.Null(ImageLookup.TryFindId(_pool, temporary));
        Assert.Contains($"\tid: {id}\n", CephLab.Run($"rbd info rbd/{name}"), StringComparison.Ordinal);
        string[] names = CephLab.Run("rbd ls rbd").Split('\n');
        Assert.Contains(name, names);
        Assert.DoesNotContain(temporary, names);
    }

    [Fact]
    public void Of_hosts_at_the_same_moment_one_makes_it_and_all_have_it()
    {
        const int Hosts = 4;
        const int Rounds = 8;
        CephCluster[] clusters = [.. Enumerable.Range(0, Hosts).Select(static _ => Lab.Connect(seconds: 60))];
        CephPool[] pools = [.. clusters.Select(static cluster => cluster.OpenPool("rbd"))];
        for (int round = 0; round < Rounds; round++)
        {
            string name = Lab.NewName("raced");
            string?[] ids = new string?[Hosts];
            using Barrier barrier = new(Hosts);
            Thread[] threads = [.. Enumerable.Range(0, Hosts).Select(host => new Thread(() =>
            {
                barrier.SignalAndWait();
                Ensure(pools[host], name);
                ids[host] = ImageLookup.TryFindId(pools[host], name);
            }))];
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());

            Assert.NotNull(ids[0]);
            Assert.All(ids, id => Assert.Equal(ids[0], id));
        }

        Assert.DoesNotContain("raced", string.Join(' ', CephLab.Run("rbd ls rbd").Split('\n').Where(static name => name.Contains(".block-rbd-", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Equal(Rounds, CephLab.Run($"rbd children rbd/{_gold}@v1").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Array.ForEach(pools, static pool => pool.Dispose());
        Array.ForEach(clusters, static cluster => cluster.Dispose());
    }

    private void Ensure(CephPool pool, string name, string snapshot = "v1", bool adopt = false)
    {
        ImageClone.Ensure(pool, name, new CloneSource(null, "", _gold, snapshot, adopt), ImageClone.NewTemporaryName(name), text =>
        {
            lock (_log)
            {
                _log.Add(text);
            }
        });
    }
}
