namespace BlockRbd.Ceph;

/// <summary>What went wrong with a cluster, an image or a mapping: one sentence that an administrator can act on.</summary>
/// <param name="fault">The kind.</param>
/// <param name="message">The sentence, without a full stop.</param>
/// <param name="errno">Ceph's own number, positive; 0 where there is none.</param>
public sealed class CephException(CephFault fault, string message, int errno = 0) : IOException(message)
{
    /// <summary>The kind.</summary>
    public CephFault Fault { get; } = fault;

    /// <summary>Ceph's own number, positive; 0 where there is none.</summary>
    public int Errno { get; } = errno;
}
