namespace BlockRbd.Unpacking;

/// <summary>Takes unpacked bytes, in order.</summary>
internal interface IByteSink
{
    void Write(ReadOnlySpan<byte> bytes);
}

/// <summary>The end of every chain: counts, and stops at the ceiling.</summary>
/// <param name="format">The format, for messages.</param>
/// <param name="destination">Where the bytes go.</param>
/// <param name="maxBytes">The ceiling.</param>
internal sealed class BoundedOutput(string format, Stream destination, long maxBytes) : IByteSink
{
    /// <summary>Bytes so far.</summary>
    public long Total { get; private set; }

    /// <summary>The ceiling.</summary>
    public long Limit => maxBytes;

    /// <summary>Bytes that may still come.</summary>
    public long Remaining => maxBytes - Total;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Remaining)
        {
            UnpackException.OverLimit(format, maxBytes);
        }

        destination.Write(bytes);
        Total += bytes.Length;
    }
}
