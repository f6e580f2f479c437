using BlockRbd.Ceph.Targets;

namespace BlockRbd.Mapper.State;

/// <summary>What one disk has of this host and of the cluster: enough to let go of it after any kill, and no key.</summary>
internal sealed record AttachRecord
{
    /// <summary>The disk: XENBUS_PATH in its relative form.</summary>
    public required string Path { get; init; }

    /// <summary>The boot in which it was written: mappings of another one are gone.</summary>
    public required string BootId { get; init; }

    /// <summary>The last step that was begun.</summary>
    public required AttachStep Step { get; init; }

    /// <summary>The domain's number.</summary>
    public required uint DomainId { get; init; }

    /// <summary>The domain's name; empty where it isn't known.</summary>
    public required string DomainName { get; init; }

    /// <summary>The machine's uuid; empty where it isn't known.</summary>
    public required string Uuid { get; init; }

    /// <summary>xvda.</summary>
    public required string VirtualDevice { get; init; }

    /// <summary>The target as the disk's line has it, with the configuration's defaults: how to reach the cluster again.</summary>
    public required RbdTarget Target { get; init; }

    /// <summary>w, r, w! or r!.</summary>
    public required AccessMode Mode { get; init; }

    /// <summary>The cluster.</summary>
    public required Guid Fsid { get; init; }

    /// <summary>The pool's number, which it keeps when it is renamed; null in a record of an older version.</summary>
    public required long? PoolId { get; init; }

    /// <summary>The name under which a clone is made before it gets its own; empty for none.</summary>
    public string UnfinishedClone { get; init; } = "";

    /// <summary>The image's id, which a renamed image keeps; empty while it is being made.</summary>
    public required string ImageId { get; init; }

    /// <summary>The cookie of the attach lock; empty for a mode without one.</summary>
    public required string Cookie { get; init; }

    /// <summary>The lock's name: the image's own, or that of one snapshot.</summary>
    public required string LockName { get; init; }

    /// <summary>The kernel's clients that had this image mapped before we did: theirs isn't our mapping.</summary>
    public IReadOnlyList<string> FormerClients { get; init; } = [];

    /// <summary>/dev/rbd0; empty until it is known.</summary>
    public string Device { get; init; } = "";

    /// <summary>The device's number in /sys/bus/rbd/devices; -1 until it is known, or where it isn't the kernel's.</summary>
    public int DeviceId { get; init; } = -1;

    /// <summary>The kernel's client of our mapping ("client4154"), which tells it from another one that got the same number later.</summary>
    public string Client { get; init; } = "";

    /// <summary>The block device's numbers.</summary>
    public uint Major { get; init; }

    /// <summary>See <see cref="Major"/>.</summary>
    public uint Minor { get; init; }

    /// <summary>When it was attached, UTC.</summary>
    public required DateTime Since { get; init; }
}
