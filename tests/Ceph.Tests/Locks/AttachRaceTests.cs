using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using Xunit;

namespace BlockRbd.Ceph.Tests.Locks;

/// <summary>Two hosts, two connections, one image, the same moment: hundreds of times.</summary>
public sealed class AttachRaceTests
{
    private const int Rounds = 300;

    [Fact]
    public void Of_two_machines_exactly_one_may_write() =>
        Race(Lab.Holder("h1", machine: Lab.Machine(1)), Lab.Holder("h2", machine: Lab.Machine(2)), incoming: false, winners: 1);

    [Fact]
    public void Of_one_machine_started_on_two_hosts_exactly_one_may_write() =>
        Race(Lab.Holder("h1"), Lab.Holder("h2"), incoming: false, winners: 1);

    [Fact]
    public void Of_two_disks_of_one_domain_exactly_one_may_write() =>
        Race(Lab.Holder("h1", vdev: "xvda"), Lab.Holder("h1", vdev: "xvdb"), incoming: false, winners: 1);

    [Fact]
    public void Of_a_reader_and_a_writer_exactly_one_has_it() =>
        Race(Lab.Holder("h1", machine: Lab.Machine(1), write: false), Lab.Holder("h2", machine: Lab.Machine(2)), incoming: false, winners: 1);

    [Fact]
    public void Two_readers_both_have_it() =>
        Race(Lab.Holder("h1", machine: Lab.Machine(1), write: false), Lab.Holder("h2", machine: Lab.Machine(2), write: false), incoming: false, winners: 2);

    [Fact]
    public void Of_a_normal_start_and_an_incoming_one_the_normal_one_never_comes_second()
    {
        (int first, int both) = (0, 0);
        AttachHolder normal = Lab.Holder("h1");
        AttachHolder incoming = Lab.Holder("h2");
        Rounded((pool, name, image) =>
        {
            bool[] won = Together(
                () => TryTake(pool[0], image, Lab.Request(normal)), () => TryTake(pool[1], image, Lab.Request(incoming, incoming: true)));
            // The incoming one always has it: alone, or joining the source that was there first.
            Assert.True(won[1]);
            _ = won[0] ? both++ : first++;
            AttachLockState state = AttachLock.Read(pool[0], name, image.Id, AttachLock.Name);
            Assert.Equal(won[0] ? 2 : 1, state.Lockers.Count);
        });
        Assert.Equal(Rounds, first + both);
    }

    [Fact]
    public void Of_two_incoming_beside_their_source_exactly_one_joins() => Rounded((pool, name, image) =>
    {
        AttachLock.Take(pool[0], image, Lab.Request(Lab.Holder("h0")), "source", static _ => { });
        ImageInfo seen = ImageLookup.Find(pool[0], name, null, readOnly: false);
        bool[] won = Together(
            () => TryTake(pool[0], seen, Lab.Request(Lab.Holder("h1"), incoming: true)),
            () => TryTake(pool[1], seen, Lab.Request(Lab.Holder("h2"), incoming: true)));
        Assert.Single(won, true);
    });

    private static void Race(AttachHolder left, AttachHolder right, bool incoming, int winners) => Rounded((pool, name, image) =>
    {
        bool[] won = Together(
            () => TryTake(pool[0], image, Lab.Request(left, incoming)), () => TryTake(pool[1], image, Lab.Request(right, incoming)));
        Assert.Equal(winners, won.Count(static w => w));
        Assert.Equal(winners, AttachLock.Read(pool[0], name, image.Id, AttachLock.Name).Lockers.Count);
    });

    /// <summary>Each round starts with a free lock that both sides have already read as free: the worst moment.</summary>
    private static void Rounded(Action<CephPool[], string, ImageInfo> round)
    {
        string name = Lab.NewImage("race");
        using CephCluster one = Lab.Connect(seconds: 60);
        using CephCluster two = Lab.Connect(seconds: 60);
        using CephPool left = one.OpenPool("rbd");
        using CephPool right = two.OpenPool("rbd");
        for (int i = 0; i < Rounds; i++)
        {
            ImageInfo image = ImageLookup.Find(left, name, null, readOnly: false);
            round([left, right], name, image);
            foreach (AttachLocker locker in AttachLock.Read(left, name, image.Id, AttachLock.Name).Lockers)
            {
                AttachLock.Break(left, image.Id, AttachLock.Name, locker.Client, locker.Cookie);
            }
        }
    }

    private static bool[] Together(Func<bool> left, Func<bool> right)
    {
        using Barrier barrier = new(2);
        bool[] results = new bool[2];
        Thread other = new(() =>
        {
            barrier.SignalAndWait();
            results[1] = right();
        });
        other.Start();
        barrier.SignalAndWait();
        results[0] = left();
        other.Join();
        return results;
    }

    private static bool TryTake(CephPool pool, ImageInfo image, AttachRequest request)
    {
        try
        {
            AttachLock.Take(pool, image, request, AttachLock.NewCookie(request.Holder), static _ => { });
            return true;
        }
        catch (CephException e) when (e.Fault == CephFault.Conflict)
        {
            return false;
        }
    }
}
