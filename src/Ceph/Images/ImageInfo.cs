using BlockRbd.Ceph.Locks;

namespace BlockRbd.Ceph.Images;

/// <summary>What the cluster says of an image, or of a snapshot of it: what an attach needs, and no more.</summary>
public sealed record ImageInfo
{
    /// <summary>The pool's name.</summary>
    public required string Pool { get; init; }

    /// <summary>The namespace; empty is the default one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The image's name, by which it was found.</summary>
    public required string Name { get; init; }

    /// <summary>The image's id, which it keeps when it is renamed.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of the image or the snapshot.</summary>
    public required long Size { get; init; }

    /// <summary>All features.</summary>
    public required RbdFeatures Features { get; init; }

    /// <summary>Those of them that a client must know to use it in the way it was asked for (read-only or not).</summary>
    public required RbdFeatures NeededFeatures { get; init; }

    /// <summary>What it is a clone of; null where it isn't one.</summary>
    public required ImageParent? Parent { get; init; }

    /// <summary>The snapshot that was asked for; null is the image itself.</summary>
    public required ImageSnapshot? Snapshot { get; init; }

    /// <summary>The attach lock as it was at the same moment.</summary>
    public required AttachLockState Lock { get; init; }

    /// <summary>librbd's and the kernel's own exclusive lock at that moment: who writes the image just now, or did so last.</summary>
    public required AttachLockState ExclusiveLock { get; init; }

    /// <summary>pool/[namespace/]image[@snapshot].</summary>
    public string FullName => Targets.ImageSpelling.Prefix(Pool, Namespace) + Name + (Snapshot is null ? "" : "@" + Snapshot.Name);
}
