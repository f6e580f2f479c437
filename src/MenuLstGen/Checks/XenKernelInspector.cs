using BlockRbd.GuestKernel;
using BlockRbd.MenuLstGen.Guest;

namespace BlockRbd.MenuLstGen.Checks;

/// <summary>Looks at a kernel and, inside what it is packed with, at its Xen notes.</summary>
internal sealed class XenKernelInspector : IKernelInspector
{
    public KernelFacts? Look(IGuestFile file, out string? problem)
    {
        problem = null;
        try
        {
            KernelImage image = KernelInspector.Look(new KernelFile(file));
            return new KernelFacts(image.Packing, image.PackingName, image.Bits, image.CanStart(GuestType.Pv));
        }
        catch (KernelException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private sealed class KernelFile(IGuestFile file) : IKernelFile
    {
        public long Size => file.Size;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);
    }
}
