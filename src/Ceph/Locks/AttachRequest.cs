namespace BlockRbd.Ceph.Locks;

/// <summary>An attach that wants its lock.</summary>
/// <param name="Holder">Who it is for.</param>
/// <param name="IsIncoming">The domain is being received by live migration (xl names it NAME--incoming).</param>
/// <param name="SharesSameMachine">The configuration takes the same machine on another host for a migration always.</param>
public sealed record AttachRequest(AttachHolder Holder, bool IsIncoming, bool SharesSameMachine);
