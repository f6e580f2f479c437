namespace BlockRbd.Ceph.Images;

/// <summary>The snapshot that a clone was made of, by numbers: names may have changed since.</summary>
/// <param name="PoolId">The parent's pool.</param>
/// <param name="Namespace">Its namespace there.</param>
/// <param name="ImageId">The parent image's id.</param>
/// <param name="SnapshotId">The snapshot's number.</param>
public sealed record ImageParent(long PoolId, string Namespace, string ImageId, ulong SnapshotId);
