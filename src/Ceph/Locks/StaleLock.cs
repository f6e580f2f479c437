using BlockRbd.Ceph.Images;

namespace BlockRbd.Ceph.Locks;

/// <summary>Second thoughts before a lock of this host's former boot is taken over.</summary>
internal static class StaleLock
{
    /// <summary>
    /// A host that was installed from a copy of another's disk may have its identity too. What such a twin has mapped for writing is
    /// watched from its own address, so a watcher from elsewhere means that the lock isn't this host's.
    /// </summary>
    /// <exception cref="CephException">There is such a watcher.</exception>
    public static void RequireUnused(CephPool pool, ImageInfo image, IReadOnlyList<AttachLocker> stale)
    {
        if (!stale.Any(static locker => locker.Holder is { IsWriter: true }))
        {
            return;
        }

        RequireUnused(image, stale, ImageWatchers.List(pool, image.Id, image.FullName), pool.Cluster.Addresses());
    }

    /// <param name="image">For the message.</param>
    /// <param name="stale">The locks, for the message.</param>
    /// <param name="watchers">Who has the image open.</param>
    /// <param name="ownAddresses">This host's, with commas.</param>
    internal static void RequireUnused(ImageInfo image, IReadOnlyList<AttachLocker> stale, IReadOnlyList<ImageWatcher> watchers, string ownAddresses)
    {
        HashSet<string> own = [.. ownAddresses.Split(',').Select(ImageWatcher.HostOf)];
        if (watchers.FirstOrDefault(watcher => !own.Contains(watcher.Host)) is { } other)
        {
            throw new CephException(
                CephFault.Conflict,
                $"image {image.FullName} is locked in this host's name ({stale[0].Describe()}), but {other.Address} has it open:"
                + $" 'rbd status {image.FullName}', then 'block-rbd unlock'",
                CephErrno.EBUSY);
        }
    }
}
