using BlockRbd.Ceph.Locks;

namespace BlockRbd.Ceph.Images;

/// <summary>
/// Finds an image with two RADOS operations, name to id and id to everything else, where librbd's open takes fourteen. Both go to an object
/// that is known by name: the pool is never listed, however many images it has.
/// </summary>
public static class ImageLookup
{
    private const int MaxIdBytes = 256;
    private const ulong CEPH_NOSNAP = unchecked((ulong)-2L);

    /// <summary>Describes an image.</summary>
    /// <param name="pool">Where it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="snapshot">One of its snapshots, or null.</param>
    /// <param name="readOnly">Whether it will only be read, for which fewer features must be known.</param>
    /// <exception cref="CephException">It doesn't exist, or can't be read.</exception>
    public static ImageInfo Find(CephPool pool, string name, string? snapshot, bool readOnly)
    {
        string id = TryFindId(pool, name) ?? throw MissingImage.Of(pool, name);
        return Describe(pool, name, id, snapshot, readOnly);
    }

    /// <summary>The id of the image of that name; null where there is none. One RADOS operation.</summary>
    /// <exception cref="CephException">It can't be read.</exception>
    public static string? TryFindId(CephPool pool, string name)
    {
        using ReadOperation operation = new();
        ReadOperation.Step read = operation.Read(MaxIdBytes);
        int result = pool.Run(operation, ImageObjects.Id(name));
        if (result == -CephErrno.ENOENT)
        {
            return null;
        }

        string what = $"reading the id of image {pool.Show(name)}";
        if (result < 0)
        {
            throw pool.Failure(result, what);
        }

        CephDecoder decoder = new(what, read.Bytes);
        string id = decoder.Text();
        return Targets.TargetText.NameProblem("id", id) is { } problem ? throw decoder.Malformed(problem) : id;
    }

    /// <summary>Describes an image by its id. One RADOS operation.</summary>
    /// <exception cref="CephException">It doesn't exist, or can't be read.</exception>
    public static ImageInfo Describe(CephPool pool, string name, string id, string? snapshot, bool readOnly)
    {
        string what = $"reading the header of image {pool.Show(name)}";
        using ReadOperation operation = new();
        // cls/rbd/cls_rbd.cc get_size(snapid), get_features(snapid, read_only), parent_get(): that one is missing before Nautilus.
        ReadOperation.Step size = operation.Call("rbd", "get_size", new CephEncoder().U64(CEPH_NOSNAP).Bytes, 16);
        ReadOperation.Step features = operation.Call(
            "rbd", "get_features", new CephEncoder().U64(CEPH_NOSNAP).U8(readOnly ? (byte)1 : (byte)0).Bytes, 16);
        ReadOperation.Step parent = operation.Call("rbd", "parent_get", [], 1024, mayFail: true);
        ReadOperation.Step attributes = operation.XAttrs();
        ReadOperation.Step? snapshots = snapshot is null ? null : operation.OMap(ImageObjects.SnapshotPrefix);
        int result = pool.Run(operation, ImageObjects.Header(id));
        if (result < 0)
        {
            throw result == -CephErrno.ENOENT
                ? new CephException(
                    CephFault.NotFound, $"image {pool.Show(name)} is just being made or removed: its header {ImageObjects.Header(id)} is not there", -result)
                : pool.Failure(result, what);
        }

        CephDecoder sizes = new(what, size.Bytes);
        _ = sizes.U8(); // order
        long bytes = Bytes(ref sizes);
        CephDecoder bits = new(what, features.Bytes);
        List<KeyValuePair<string, byte[]>> locks = attributes.Entries();
        ImageSnapshot? found = snapshots is { } step ? FindSnapshot(pool, name, id, snapshot!, step) : null;
        return new ImageInfo
        {
            Pool = pool.Name,
            Namespace = pool.Namespace,
            Name = name,
            Id = id,
            Size = found?.Size ?? bytes,
            Features = (RbdFeatures)bits.U64(),
            NeededFeatures = (RbdFeatures)bits.U64(),
            Parent = parent.Code < 0 ? null : DecodeParent(what, parent.Bytes),
            Snapshot = found,
            Lock = AttachLockState.Decode(pool.Show(name), AttachLock.NameFor(found?.Id), locks),
            ExclusiveLock = AttachLockState.Decode(pool.Show(name), ForeignWriter.RBD_LOCK_NAME, locks),
        };
    }

    private static long Bytes(ref CephDecoder decoder) =>
        decoder.U64() is var value && value <= long.MaxValue ? (long)value : throw decoder.Malformed($"{value} bytes");

    private static ImageSnapshot FindSnapshot(CephPool pool, string image, string id, string snapshot, ReadOperation.Step step)
    {
        List<KeyValuePair<string, byte[]>> entries = step.Entries();
        ImageSnapshot? found = TryFindSnapshot(pool.Show(image), snapshot, entries);
        for (bool more = step.HasMore; found is null && more && entries.Count > 0;)
        {
            using ReadOperation operation = new();
            ReadOperation.Step next = operation.OMap(ImageObjects.SnapshotPrefix, entries[^1].Key);
            int result = pool.Run(operation, ImageObjects.Header(id));
            entries = result < 0 ? throw pool.Failure(result, $"reading the snapshots of image {pool.Show(image)}") : next.Entries();
            more = next.HasMore;
            found = TryFindSnapshot(pool.Show(image), snapshot, entries);
        }

        return found ?? throw new CephException(
            CephFault.NotFound,
            $"image {pool.Show(image)} has no snapshot {snapshot} ('rbd snap ls {pool.Show(image)}' shows those it has)", CephErrno.ENOENT);
    }

    private static ImageSnapshot? TryFindSnapshot(string image, string name, List<KeyValuePair<string, byte[]>> entries)
    {
        foreach ((string key, byte[] value) in entries)
        {
            // cls/rbd/cls_rbd.h cls_rbd_snap: id, name and image_size come first in all its encodings.
            CephDecoder outer = new($"{key} of image {image}", value);
            CephDecoder decoder = outer.Struct(8, out _);
            ulong id = decoder.U64();
            if (decoder.Text() == name)
            {
                return new ImageSnapshot(id, name, Bytes(ref decoder));
            }
        }

        return null;
    }

    private static ImageParent? DecodeParent(string what, ReadOnlySpan<byte> bytes)
    {
        CephDecoder outer = new(what, bytes);
        CephDecoder decoder = outer.Struct(1, out _); // cls/rbd/cls_rbd_types.h ParentImageSpec
        long pool = decoder.I64();
        return pool < 0 ? null : new ImageParent(pool, decoder.Text(), decoder.Text(), decoder.U64());
    }
}
