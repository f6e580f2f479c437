using BlockRbd.TwoStages;
using BlockRbd.Unpacking;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Kernels;

/// <summary>An output file as the stream that something is unpacked into.</summary>
/// <param name="output">The file.</param>
/// <param name="name">Its name for messages.</param>
internal sealed class DescriptorStream(SafeFileHandle output, string name) : OneWayStream
{
    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer) => Descriptor.WriteAll(output, name, buffer);
}
