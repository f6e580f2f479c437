using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>A part of a kernel's file as a stream.</summary>
internal sealed class FileRange(IKernelFile file, long start, long length) : OneWayStream
{
    private long _position;

    public override bool CanRead => true;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, length - _position)];
        int count = buffer.IsEmpty ? 0 : file.Read(start + _position, buffer);
        _position += count;
        return count;
    }
}
