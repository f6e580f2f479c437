namespace BlockRbd.Unpacking;

/// <summary>A source for the libraries' own streams, which take one without a single byte for packed data of nothing.</summary>
/// <param name="format">The format, for messages.</param>
/// <param name="source">The source; stays open.</param>
internal sealed class CountedSource(string format, Stream source) : OneWayStream
{
    private readonly byte[] _last = new byte[8];
    private bool _isEmpty = true;

    /// <summary>The last bytes that were read, 8 at most kept, zeros before the first.</summary>
    public ReadOnlySpan<byte> Last => _last;

    public override bool CanRead => true;

    public override int Read(Span<byte> buffer)
    {
        int count = source.Read(buffer);
        if (count == 0 && _isEmpty && buffer.Length > 0)
        {
            UnpackException.Truncated(format);
        }

        _isEmpty &= count == 0;
        int kept = Math.Min(count, _last.Length);
        _last.AsSpan(kept).CopyTo(_last);
        buffer[(count - kept)..count].CopyTo(_last.AsSpan(_last.Length - kept));
        return count;
    }
}
