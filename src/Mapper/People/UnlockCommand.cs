using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Locks;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`unlock`: a person breaks an attach lock that nobody will release any more, after seeing all that is known of its holder.</summary>
internal static class UnlockCommand
{
    // As long as librbd itself fences whose lock it breaks (rbd_blocklist_expire_seconds).
    private static readonly TimeSpan FenceTime = TimeSpan.FromHours(1);

    public static ExitCode Run(Session session, string text, bool fence, TextWriter output)
    {
        RbdTarget target = RbdTarget.Parse(text).WithDefaults(BlockRbdConfig.Load(session.Host.Configuration));
        if (target.IsSearch)
        {
            throw new MapperException(ExitCode.Usage, $"{target} names no image");
        }

        using CephCluster cluster = CephCluster.Connect(target.Options, session.Patience.Work);
        using CephPool pool = cluster.OpenPool(target.Pool, target.Namespace);
        ImageInfo image = ImageLookup.Find(pool, target.Image, snapshot: null, readOnly: true);
        IReadOnlyList<AttachLockState> states = AttachLock.ReadAll(pool, image.FullName, image.Id);
        if (states.Count == 0)
        {
            output.WriteLine($"{image.FullName} is not locked");
            return ExitCode.Ok;
        }

        IReadOnlyList<ImageWatcher> watchers = ImageWatchers.List(pool, image.Id, image.FullName);
        foreach (AttachLocker locker in states.SelectMany(static s => s.Lockers))
        {
            output.WriteLine($"locked by {locker.Describe()}, taken from {locker.Address}");
            output.WriteLine($"  last seen {LastSeen(locker, watchers)}");
            output.WriteLine($"  {Fenced(cluster, ImageWatcher.HostOf(locker.Address))}");
        }

        RequireNotOurs(session, states);
        Fence(cluster, image, watchers, fence, output);
        foreach (AttachLockState state in states)
        {
            foreach (AttachLocker locker in state.Lockers)
            {
                AttachLock.Break(pool, image.Id, state.Name, locker.Client, locker.Cookie);
                session.Log.Decision($"{image.FullName}: the lock of {locker.Describe()} was broken by hand");
            }
        }

        output.WriteLine($"{image.FullName} is unlocked");
        return ExitCode.Ok;
    }

    // A lock is taken once and never renewed; whoever uses the image for writing also watches it.
    private static string LastSeen(AttachLocker locker, IReadOnlyList<ImageWatcher> watchers) =>
        watchers.FirstOrDefault(watcher => watcher.Host == ImageWatcher.HostOf(locker.Address)) is { } watcher
            ? $"just now: {watcher.Address} has the image open"
            : $"at {(locker.Holder is { } holder ? Stamp.Of(holder.Since.UtcDateTime) : "an unknown time")}, when it took the lock";

    private static string Fenced(CephCluster cluster, string host)
    {
        try
        {
            string[] entries = [.. CephBlocklist.List(cluster).Where(entry => ImageWatcher.HostOf(entry.Address) == host).Select(static e => $"{e.Address} until {e.Until}")];
            return entries.Length == 0 ? $"no client at {host} is blocklisted" : $"blocklisted at {host}: {string.Join(", ", entries)}";
        }
        catch (CephException e)
        {
            return $"whether it is blocklisted can't be seen: {e.Message}";
        }
    }

    // What this very host has attached is detached, not unlocked.
    private static void RequireNotOurs(Session session, IReadOnlyList<AttachLockState> states)
    {
        IReadOnlyList<MappedImage> mapped = session.Kernel.List();
        foreach (State.AttachRecord record in session.Records.All([]))
        {
            if (record.BootId == session.Host.BootId && states.SelectMany(static s => s.Lockers).Any(l => l.Cookie == record.Cookie)
                && mapped.Any(m => KernelImages.IsMappingOf(m, record)))
            {
                throw new MapperException(
                    ExitCode.InUse, $"{record.Target.Name} is attached here, to {record.DomainName} {record.VirtualDevice} as {record.Device}: detach it instead");
            }
        }
    }

    private static void Fence(CephCluster cluster, ImageInfo image, IReadOnlyList<ImageWatcher> watchers, bool fence, TextWriter output)
    {
        foreach (ImageWatcher watcher in watchers)
        {
            output.WriteLine($"watched by client.{watcher.Client} at {watcher.Address}: it has the image open and may be writing");
        }

        if (watchers.Count == 0)
        {
            output.WriteLine("no client watches it: nobody has it open for writing (a client that ended without saying so is shown for 30 s more)");
        }
        else if (!fence)
        {
            throw new MapperException(
                ExitCode.InUse,
                $"{image.FullName} is still open at {string.Join(", ", watchers.Select(static w => w.Address))}: detach it there, or shut that host off, "
                + "or give --fence to cut it off from the whole cluster first");
        }
        else
        {
            foreach (ImageWatcher watcher in watchers)
            {
                CephBlocklist.Add(cluster, watcher.Address, FenceTime);
                output.WriteLine($"{watcher.Address} is blocklisted: nothing it still writes reaches the cluster");
            }
        }
    }
}
