using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestKernel;

namespace BlockRbd.BootExtract.Kernels;

/// <summary>A guest's file as a kernel to look at.</summary>
internal sealed class KernelNode(FileNode file) : IKernelFile
{
    public long Size => file.Size;

    public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);
}
