namespace BlockRbd.GuestDisk;

/// <summary>The device or file below a guest's disk could not be read: the host's trouble, not the guest's bytes.</summary>
/// <param name="source">Name of the source.</param>
/// <param name="offset">First byte of the read that failed.</param>
/// <param name="problem">What the system said.</param>
public sealed class SourceReadException(string source, long offset, string problem)
    : IOException($"{source}: can't read at byte {offset}: {problem}")
{
    /// <summary>First byte of the read that failed.</summary>
    public long Offset { get; } = offset;
}
