using System.Runtime.InteropServices;
using BlockRbd.Ceph.Native;

namespace BlockRbd.Ceph.Images;

/// <summary>An image opened by librbd, read-only: it leaves no watcher and takes no lock.</summary>
internal sealed class RbdImage : IDisposable
{
    private const int WatcherBytes = 24; // rbd_image_watcher_t
    private const int MaxWatchers = 256;

    private RbdImage(CephPool pool, RbdImageHandle handle, string name)
    {
        Pool = pool;
        Handle = handle;
        Name = name;
    }

    public CephPool Pool { get; }

    public RbdImageHandle Handle { get; }

    /// <summary>pool/[namespace/]image[@snapshot].</summary>
    public string Name { get; }

    /// <exception cref="CephException">It doesn't exist, or can't be opened.</exception>
    public static RbdImage Open(CephPool pool, string name, string? snapshot)
    {
        CephCluster.RequireLibrary(Rbd.Library);
        pool.Cluster.Bound();
        int result = Rbd.OpenReadOnly(pool.Handle, name, out RbdImageHandle handle, snapshot);
        return Opened(pool, pool.Show(name) + (snapshot is null ? "" : "@" + snapshot), result, handle);
    }

    /// <exception cref="CephException">It doesn't exist, or can't be opened.</exception>
    public static RbdImage OpenById(CephPool pool, string id, string name)
    {
        CephCluster.RequireLibrary(Rbd.Library);
        pool.Cluster.Bound();
        int result = Rbd.OpenByIdReadOnly(pool.Handle, id, out RbdImageHandle handle, null);
        return Opened(pool, name, result, handle);
    }

    public IReadOnlyList<ImageWatcher> Watchers()
    {
        byte[] entries = GC.AllocateArray<byte>(MaxWatchers * WatcherBytes, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(entries, 0);
        nuint count = MaxWatchers;
        Pool.Cluster.Bound();
        int result = Rbd.WatchersList(Handle, address, ref count);
        if (result < 0)
        {
            throw Pool.Failure(result, $"listing the watchers of image {Name}");
        }

        List<ImageWatcher> watchers = [];
        for (int i = 0; i < (int)count; i++)
        {
            string text = Marshal.PtrToStringUTF8((nint)BitConverter.ToInt64(entries, i * WatcherBytes)) ?? "";
            watchers.Add(new ImageWatcher(text, BitConverter.ToInt64(entries, (i * WatcherBytes) + 8)));
        }

        Rbd.WatchersListCleanup(address, count);
        return watchers;
    }

    public void Dispose() => Handle.Dispose();

    private static RbdImage Opened(CephPool pool, string name, int result, RbdImageHandle handle)
    {
        if (result == 0)
        {
            return new RbdImage(pool, handle, name);
        }

        handle.Dispose();
        throw result == -CephErrno.ENOENT
            ? new CephException(CephFault.NotFound, $"image {name} does not exist", -result)
            : pool.Failure(result, $"opening image {name}");
    }
}
