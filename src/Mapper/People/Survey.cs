using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Linux;
using BlockRbd.Mapper.Attach;
using BlockRbd.Mapper.State;
using BlockRbd.Xen;

namespace BlockRbd.Mapper.People;

/// <summary>Holds the records against the kernel, xenstore and the cluster: where all agree a disk is as it should be.</summary>
internal sealed class Survey(Session session) : IDisposable
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, CephCluster?> _clusters = new(StringComparer.Ordinal);
    private bool _asksStore = true;

    /// <summary>What concerns no single disk.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>All disks that this host has a record of.</summary>
    /// <param name="askCluster">Whether locks and watchers are looked up.</param>
    public IReadOnlyList<AttachedDisk> Disks(bool askCluster)
    {
        IReadOnlyList<MappedImage> mapped = session.Kernel.List();
        return [.. session.Records.All(Problems).Select(record => Look(record, mapped, askCluster))];
    }

    /// <summary>Mapped images that no record has.</summary>
    public IReadOnlyList<MappedImage> Others(IReadOnlyList<AttachedDisk> disks) =>
        [.. session.Kernel.List().Where(m => !disks.Any(d => KernelImages.IsMappingOf(m, d.Record)))];

    public void Dispose()
    {
        foreach (CephCluster? cluster in _clusters.Values)
        {
            cluster?.Dispose();
        }
    }

    private AttachedDisk Look(AttachRecord record, IReadOnlyList<MappedImage> mapped, bool askCluster)
    {
        List<string> problems = [];
        if (record.BootId != session.Host.BootId)
        {
            problems.Add("is of a former boot ('block-rbd recover' releases its lock)");
            return new AttachedDisk(record, null, null, problems);
        }

        if (record.Step != AttachStep.Attached)
        {
            using RecordLock? own = session.Records.TryTake(record.Path);
            problems.Add(own is null ? $"is being worked on (step {record.Step})" : $"was left at step {record.Step} ('block-rbd recover' lets go of it)");
        }
        else
        {
            if (!mapped.Any(m => KernelImages.IsMappingOf(m, record)))
            {
                problems.Add($"{record.Device} is not its mapping any more");
            }

            problems.AddRange(InXenStore(record));
        }

        return askCluster ? AskCluster(record, problems) : new AttachedDisk(record, null, null, problems);
    }

    private IEnumerable<string> InXenStore(AttachRecord record)
    {
        try
        {
            return _asksStore ? InXenStore(record, session.Store(Deadline.After(StorePatience))) : [];
        }
        catch (XenStoreException e)
        {
            _asksStore = false; // it isn't waited for again with every disk
            Problems.Add(e.Message);
            return [];
        }
    }

    private static IEnumerable<string> InXenStore(AttachRecord record, XenStore store)
    {
        XenbusPath path = XenbusPath.Parse(record.Path);
        string? device = HotplugAnswer.ConnectedDevice(store, path);
        if (!store.Exists(path.Node("frontend-id")))
        {
            return ["its domain is gone ('block-rbd recover' detaches it)"];
        }

        return device == HotplugAnswer.Format(record.Major, record.Minor) ? []
            : device is null ? ["libxl was not told that it is connected"]
            : [$"libxl was told of device {device}"];
    }

    private AttachedDisk AskCluster(AttachRecord record, List<string> problems)
    {
        if (session.Patience.Work.IsOver)
        {
            problems.Add("the cluster was not asked: --timeout is over");
            return new AttachedDisk(record, null, null, problems);
        }

        if (Cluster(record, problems) is not { } cluster)
        {
            return new AttachedDisk(record, null, null, problems);
        }

        try
        {
            using CephPool pool = cluster.OpenPool(record.Target.Pool, record.Target.Namespace, record.PoolId);
            AttachLockState state = AttachLock.Read(pool, record.Target.Image, record.ImageId, record.LockName);
            if (record.Cookie.Length > 0 && record.Step == AttachStep.Attached && !state.Lockers.Any(l => l.Cookie == record.Cookie))
            {
                problems.Add("its attach lock is gone: nothing keeps other hosts from the image");
            }

            if (ImageLookup.TryFindId(pool, record.Target.Image) != record.ImageId)
            {
                problems.Add($"the image is not called {record.Target.Image} any more");
            }

            return new AttachedDisk(
                record, [.. state.Lockers.Select(static l => l.Describe())],
                [.. ImageWatchers.List(pool, record.ImageId, record.Target.Name).Select(static w => w.Address)], problems);
        }
        catch (CephException e)
        {
            problems.Add(e.Message);
            return new AttachedDisk(record, null, null, problems);
        }
    }

    // One connection for each way to a cluster, and one complaint where there is none.
    private CephCluster? Cluster(AttachRecord record, List<string> problems)
    {
        string way = $"{record.Target.Options.Conf} {record.Target.Options.Cluster} {record.Target.Options.Id} {record.Target.Options.Keyring} {record.Fsid}";
        if (_clusters.TryGetValue(way, out CephCluster? cluster))
        {
            return cluster;
        }

        try
        {
            cluster = CephCluster.Connect(record.Target.Options, session.Patience.Work.OrAfter(TimeSpan.FromSeconds(10)));
            cluster.Deadline = session.Patience.Work;
        }
        catch (CephException e)
        {
            problems.Add(e.Message);
        }

        return _clusters[way] = cluster;
    }
}
