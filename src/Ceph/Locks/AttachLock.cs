using System.Globalization;
using System.Security.Cryptography;
using BlockRbd.Ceph.Images;

namespace BlockRbd.Ceph.Locks;

/// <summary>
/// The attach lock: an advisory lock (object class "lock") of our own name on the image's header object, shared, with tag "w:MACHINE" for a
/// writer and "r" for readers. It survives the process that took it, and doesn't touch librbd's own exclusive lock.
/// </summary>
/// <remarks>
/// <para>
/// Exactly one wins, in every interleaving. The tag alone, which the cluster compares inside the one operation that locks, keeps writers of
/// different machines, and writers and readers, apart: whoever comes second gets EBUSY, whatever he had read before. It does not keep two
/// starts of the *same* machine apart, since they agree on the tag. So a writer's operation has a comparison in front: the lock's attribute must
/// still be, byte for byte, the one that <see cref="AttachRules"/> decided on, else nothing happens (ECANCELED) and it is read and decided
/// again. The OSD runs operations on one object one after the other, each whole or not at all; so of two that decided on the same state the
/// second fails and then sees the first one's lock. With that:
/// </para>
/// <list type="bullet">
/// <item>two normal starts of one machine: the second sees the first and is refused, at any time, on any two hosts;</item>
/// <item>a normal start and an incoming one, source first: the incoming one sees one holder, the source, and joins;</item>
/// <item>the incoming one first (its source holds nothing, or is gone): it is the only writer, and the normal start is refused;</item>
/// <item>two incoming ones at once beside one source: the second sees two holders and is refused;</item>
/// <item>the source lets go between the incoming one's reading and locking: the comparison fails, it decides again and is alone;</item>
/// <item>a reader needs no comparison: what it decides is only whether the tag is "r", and that the cluster compares itself.</item>
/// </list>
/// <para>
/// A time-out leaves open whether the lock was taken, so the cookie is made, and recorded, before: <see cref="Release"/> works by it.
/// </para>
/// </remarks>
public static class AttachLock
{
    /// <summary>The lock's name on an image; one of a snapshot has "@" and its number behind it, because nobody can write that.</summary>
    public const string Name = "xen.attach";

    private const string Class = "lock";
    private const byte EntityTypeClient = 8; // msg/msg_types.h CEPH_ENTITY_TYPE_CLIENT

    /// <summary>The name for a snapshot's number, or for the image itself.</summary>
    public static string NameFor(ulong? snapshotId) =>
        snapshotId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{Name}@{id}") : Name;

    /// <summary>A mark for an attach that no other one has.</summary>
    public static string NewCookie(AttachHolder holder) =>
        $"{holder.HostId}:{holder.BootId}:{holder.XenbusPath}:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>Takes the lock. One RADOS operation where nobody is in the way or somebody clearly is.</summary>
    /// <param name="pool">The image's pool.</param>
    /// <param name="image">The image, with the lock's state as it was read.</param>
    /// <param name="request">Who wants it.</param>
    /// <param name="cookie">From <see cref="NewCookie"/>, already recorded.</param>
    /// <param name="log">Told what is noteworthy: a lock taken over.</param>
    /// <exception cref="CephException">It can't be had; <see cref="CephFault.Conflict"/> names the holder.</exception>
    public static void Take(CephPool pool, ImageInfo image, AttachRequest request, string cookie, Action<string> log)
    {
        AttachLockState state = image.Lock;
        while (true)
        {
            switch (AttachRules.Decide(state, request))
            {
                case AttachDecision.Refuse refusal:
                    throw new CephException(
                        CephFault.Conflict, $"image {image.FullName} is attached to {refusal.By.Describe()}: {refusal.Reason}", CephErrno.EBUSY);
                case AttachDecision.TakeOver takeOver:
                    StaleLock.RequireUnused(pool, image, takeOver.Stale);
                    foreach (AttachLocker stale in takeOver.Stale)
                    {
                        log($"taking over what this host left behind on image {image.FullName}: {stale.Describe()}");
                        Break(pool, image.Id, state.Name, stale.Client, stale.Cookie);
                    }

                    break;
                default:
                    int result = Lock(pool, image.Id, state, request.Holder, cookie);
                    // The cookie is this attach's own: having it already is having the lock.
                    if (result is 0 or -CephErrno.EEXIST)
                    {
                        return;
                    }

                    // EBUSY: somebody else was faster, as with ECANCELED; only with the state read anew is it known who.
                    if (result is not -CephErrno.ECANCELED and not -CephErrno.EBUSY)
                    {
                        throw result == -CephErrno.ENOENT
                            ? new CephException(CephFault.NotFound, $"image {image.FullName} was removed meanwhile", -result)
                            : pool.Failure(result, $"locking image {image.FullName}");
                    }

                    break;
            }

            if (pool.Cluster.Deadline.IsOver)
            {
                throw new CephException(CephFault.Timeout, $"the lock of image {image.FullName} changes faster than it can be taken", CephErrno.ETIMEDOUT);
            }

            state = Read(pool, image.FullName, image.Id, state.Name);
        }
    }

    /// <summary>Gives back what an attach took, or may have taken. Not having it is no error, nor is an image that is gone.</summary>
    /// <param name="pool">The image's pool.</param>
    /// <param name="imageId">The image's id, which a rename doesn't change.</param>
    /// <param name="lockName">From <see cref="NameFor"/>.</param>
    /// <param name="cookie">The attach's mark.</param>
    /// <returns>Whether it was held.</returns>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static bool Release(CephPool pool, string imageId, string lockName, string cookie)
    {
        bool released = false;
        foreach (AttachLocker locker in Read(pool, imageId, imageId, lockName).Lockers)
        {
            released |= locker.Cookie == cookie && Break(pool, imageId, lockName, locker.Client, cookie);
        }

        return released;
    }

    /// <summary>The lock as it is now; free where the image is gone.</summary>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static AttachLockState Read(CephPool pool, string image, string imageId, string lockName) =>
        AttachLockState.Decode(image, lockName, Attributes(pool, image, imageId));

    /// <summary>All attach locks of an image and its snapshots that somebody holds.</summary>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static IReadOnlyList<AttachLockState> ReadAll(CephPool pool, string image, string imageId)
    {
        const string Own = AttachLockState.AttributePrefix + Name;
        return [.. Attributes(pool, image, imageId)
            .Where(static entry => entry.Key == Own || entry.Key.StartsWith(Own + "@", StringComparison.Ordinal))
            .Select(entry => AttachLockState.Decode(image, entry.Key[AttachLockState.AttributePrefix.Length..], entry.Value))
            .Where(static state => state.Lockers.Count > 0)];
    }

    /// <summary>Takes one holder's lock away, whoever took it.</summary>
    /// <returns>Whether it was held.</returns>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static bool Break(CephPool pool, string imageId, string lockName, long client, string cookie)
    {
        // cls/lock/cls_lock_ops.h cls_lock_break_op
        CephEncoder input = CephEncoder.Struct(1, 1, op => op.Text(lockName).U8(EntityTypeClient).U64((ulong)client).Text(cookie));
        using WriteOperation operation = new();
        int result = pool.Run(operation.AssertExists().Call(Class, "break_lock", input.Bytes), ImageObjects.Header(imageId));
        return result == 0 || (result == -CephErrno.ENOENT ? false : throw pool.Failure(result, $"unlocking image {pool.Show(imageId)}"));
    }

    private static int Lock(CephPool pool, string imageId, AttachLockState state, AttachHolder holder, string cookie)
    {
        // cls/lock/cls_lock_ops.h cls_lock_lock_op: name, type, cookie, tag, description, duration (none), flags
        CephEncoder input = CephEncoder.Struct(1, 1, op => op
            .Text(state.Name).U8(AttachLockState.LOCK_SHARED).Text(cookie).Text(holder.Tag).Text(holder.Encode()).U32(0).U32(0).U8(0));
        using WriteOperation operation = new();
        operation.AssertExists();
        if (holder.IsWriter)
        {
            operation.AssertXAttr(state.Attribute, state.Raw);
        }

        return pool.Run(operation.Call(Class, "lock", input.Bytes), ImageObjects.Header(imageId));
    }

    private static List<KeyValuePair<string, byte[]>> Attributes(CephPool pool, string image, string imageId)
    {
        using ReadOperation operation = new();
        ReadOperation.Step attributes = operation.XAttrs();
        int result = pool.Run(operation, ImageObjects.Header(imageId));
        return result switch
        {
            -CephErrno.ENOENT => [],
            < 0 => throw pool.Failure(result, $"reading the locks of image {image}"),
            _ => attributes.Entries(),
        };
    }
}
