using BlockRbd.Ceph.Images;

namespace BlockRbd.Ceph.Locks;

/// <summary>
/// Writers that know nothing of attach locks: QEMU's, a mapping made by hand, an image that is being imported. While one writes an image with
/// the feature exclusive-lock it holds librbd's lock on it, which is read with the image's description anyway.
/// </summary>
public static class ForeignWriter
{
    /// <summary>include/rbd_types.h: the name of the lock that librbd and the kernel take when they begin to write.</summary>
    internal const string RBD_LOCK_NAME = "rbd_lock";

    /// <summary>Who writes the image beside whom nothing should. No RADOS operation, unless somebody has that lock.</summary>
    /// <param name="pool">The image's pool.</param>
    /// <param name="image">As it was just read.</param>
    /// <returns>A sentence's part, "client.4711 at 10.0.0.1:0/123"; null for nobody.</returns>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static string? Find(CephPool pool, ImageInfo image)
    {
        // A snapshot can't be written; and what an attach of ours writes, its own lock stands for.
        bool isCovered = image.Snapshot is not null || image.Lock.Lockers.Any(static locker => locker.Holder is not { IsWriter: false });
        if (isCovered || image.ExclusiveLock.Lockers.Count == 0)
        {
            return null;
        }

        // The lock of a client that died stays until the next one wants it; whoever lives watches the image as well.
        HashSet<long> alive = [.. ImageWatchers.List(pool, image.Id, image.FullName).Select(static watcher => watcher.Client)];
        return image.ExclusiveLock.Lockers.FirstOrDefault(locker => alive.Contains(locker.Client)) is { } writer
            ? $"client.{writer.Client} at {writer.Address}"
            : null;
    }
}
