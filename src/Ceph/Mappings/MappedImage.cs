using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>An image that this host has as a block device, as the kernel tells it.</summary>
public sealed record MappedImage
{
    /// <summary>Who made it.</summary>
    public required DeviceType Type { get; init; }

    /// <summary>N of /dev/rbdN or /dev/nbdN.</summary>
    public required int Number { get; init; }

    /// <summary>/dev/rbdN or /dev/nbdN.</summary>
    public required string Device { get; init; }

    /// <summary>The device's number, first part.</summary>
    public required int Major { get; init; }

    /// <summary>The device's number, second part.</summary>
    public required int Minor { get; init; }

    /// <summary>The cluster; null where the kernel doesn't tell it (Linux before 4.11, nbd).</summary>
    public required Guid? ClusterFsid { get; init; }

    /// <summary>
    /// What no other mapping has: the kernel client's name in the cluster ("client4711", since each mapping has its own), or for nbd the
    /// process behind it and when it started. It tells this mapping from a later one that got the same number.
    /// </summary>
    public required string Incarnation { get; init; }

    /// <summary>The pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The namespace; empty is the default one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The image's name when it was mapped.</summary>
    public required string Image { get; init; }

    /// <summary>The image's id; null for nbd.</summary>
    public required string? ImageId { get; init; }

    /// <summary>The snapshot; null is the image itself.</summary>
    public required string? Snapshot { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Whether the device refuses writes.</summary>
    public required bool IsReadOnly { get; init; }

    /// <summary>pool/[namespace/]image[@snapshot].</summary>
    public string FullName => ImageSpelling.Prefix(Pool, Namespace) + Image + (Snapshot is null ? "" : "@" + Snapshot);

    /// <summary>Whether this is that image of that cluster, as far as the kernel tells; by id, which a rename doesn't change.</summary>
    public bool Shows(Guid fsid, ImageInfo image) =>
        Pool == image.Pool && Namespace == image.Namespace && Snapshot == image.Snapshot?.Name && (ClusterFsid ?? fsid) == fsid
        && (ImageId is null ? Image == image.Name : ImageId == image.Id);

    /// <summary>Whether it is the very same mapping as it was then.</summary>
    public bool IsSame(MappedImage other) => Type == other.Type && Number == other.Number && Incarnation == other.Incarnation;
}
