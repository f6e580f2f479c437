using BlockRbd.BootExtract.Output;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Kernels;

/// <summary>An output file as the stream that something is unpacked into.</summary>
/// <param name="output">The file.</param>
/// <param name="name">Its name for messages.</param>
internal sealed class DescriptorStream(SafeFileHandle output, string name) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer) => Descriptor.WriteAll(output, name, buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
