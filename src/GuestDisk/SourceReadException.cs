using System.Globalization;

namespace BlockRbd.GuestDisk;

/// <summary>The device or file below a guest's disk could not be opened or read: the host's trouble, not the guest's bytes.</summary>
public sealed class SourceReadException : IOException
{
    private const string LookAtTheDevice = "check the device on this host";

    /// <summary>A read failed in another process, which has said so.</summary>
    /// <param name="message">Its <see cref="Exception.Message"/>.</param>
    /// <param name="advice">Its <see cref="Advice"/>.</param>
    /// <param name="offset">First byte of the read.</param>
    public static SourceReadException Relayed(string message, string advice, long offset) => new(message, advice, offset);

    /// <summary>A read failed.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="offset">First byte of the read that failed.</param>
    /// <param name="problem">What the system said.</param>
    /// <param name="advice">What can be done; empty where the problem says it.</param>
    public SourceReadException(string source, long offset, string problem, string advice = LookAtTheDevice)
        : base(string.Create(CultureInfo.InvariantCulture, $"{source}: can't read at byte {offset}: {problem}")) => (Offset, Advice) = (offset, advice);

    /// <summary>It could not be opened at all.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="problem">What the system said.</param>
    public SourceReadException(string source, string problem)
        : base($"{source}: can't open: {problem}") => Offset = -1;

    private SourceReadException(string message, string advice, long offset)
        : base(message) => (Offset, Advice) = (offset, advice);

    /// <summary>First byte of the read that failed; -1 where opening failed.</summary>
    public long Offset { get; }

    /// <summary>What a person can do about it; empty where the message says it.</summary>
    public string Advice { get; } = LookAtTheDevice;
}
