namespace BlockRbd.Unpacking;

/// <summary>A source for the libraries' own streams, which take one without a single byte for packed data of nothing.</summary>
/// <param name="format">The format, for messages.</param>
/// <param name="source">The source; stays open.</param>
internal sealed class CountedSource(string format, Stream source) : Stream
{
    private bool _isEmpty = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int count = source.Read(buffer);
        if (count == 0 && _isEmpty && buffer.Length > 0)
        {
            UnpackException.Truncated(format);
        }

        _isEmpty &= count == 0;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
