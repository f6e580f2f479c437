namespace BlockRbd.Ceph.Locks;

/// <summary>One holder of an attach lock, as the cluster has it.</summary>
/// <param name="Client">Number N of the connection client.N that took it, which has ended long ago.</param>
/// <param name="Cookie">The attach's own mark.</param>
/// <param name="Address">That connection's address, "10.0.0.1:0/123".</param>
/// <param name="Description">The text that stands in the lock.</param>
public sealed record AttachLocker(long Client, string Cookie, string Address, string Description)
{
    /// <summary>What the description says; null where something else than this library took the lock.</summary>
    public AttachHolder? Holder { get; } = AttachHolder.TryDecode(Description);

    /// <summary>Who it is, for people.</summary>
    public string Describe() => Holder?.Describe()
        ?? $"client.{Client} at {Address}, which says {Targets.TargetText.Quote(Description)}";
}
