using BlockRbd.BootExtract.Kernels;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestKernel;
using BlockRbd.Linux;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Reading;

/// <summary>Copies a guest's files out, through one buffer: memory does not depend on their size.</summary>
/// <param name="maxBytes">Most bytes of one output file.</param>
internal sealed class PayloadCopy(long maxBytes) : IDisposable
{
    /// <summary>
    /// From 128 KiB on a larger buffer makes copying no faster, but a read call less for each MiB. At a page's start, so that a device is read straight into it.
    /// </summary>
    private const int BufferBytes = 1 << 20;

    /// <summary>GRUB puts each initrd of several at a multiple of this, and Linux unpacks them only there.</summary>
    private const int InitrdAlignment = 4;

    private static ReadOnlySpan<byte> Zeros => [0, 0, 0, 0];

    private readonly AlignedBuffer _buffer = new(BufferBytes);

    /// <summary>Copies a kernel.</summary>
    /// <param name="file">The guest's file.</param>
    /// <param name="shownName">Its name for messages.</param>
    /// <param name="output">The file outside.</param>
    /// <param name="outputName">Its name.</param>
    /// <exception cref="ExtractException">It is larger than the limit, or can't be written.</exception>
    public void Kernel(FileNode file, string shownName, SafeFileHandle output, string outputName)
    {
        CheckSize(file.Size, "kernel", shownName);
        Copy(file, shownName, output, outputName);
    }

    /// <summary>Unpacks a kernel. This does take memory: the format's window, at most 128 MiB and no more than comes out.</summary>
    /// <param name="file">The guest's file.</param>
    /// <param name="image">What its headers say.</param>
    /// <param name="shownName">Its name for messages.</param>
    /// <param name="output">The file outside.</param>
    /// <param name="outputName">Its name.</param>
    /// <exception cref="ExtractException">It, or what comes out, is larger than the limit, or can't be unpacked or written.</exception>
    public void Unpacked(FileNode file, KernelImage image, string shownName, SafeFileHandle output, string outputName)
    {
        CheckSize(file.Size, "kernel", shownName);
        using DescriptorStream destination = new(output, outputName);
        try
        {
            KernelInspector.Unpack(new KernelNode(file), image, destination, maxBytes);
        }
        catch (KernelException e)
        {
            throw KernelLook.Failed(e, shownName);
        }
    }

    /// <summary>Joins initrds to one ramdisk, as a boot loader lays them out in memory. One alone stays as it is.</summary>
    /// <param name="files">The guest's files and their names for messages.</param>
    /// <param name="output">The file outside.</param>
    /// <param name="outputName">Its name.</param>
    /// <returns>Bytes of the ramdisk.</returns>
    /// <exception cref="ExtractException">Together they are larger than the limit, or can't be written.</exception>
    public long Ramdisk(IReadOnlyList<(FileNode File, string ShownName)> files, SafeFileHandle output, string outputName)
    {
        long total = 0;
        foreach ((FileNode file, string shownName) in files)
        {
            CheckSize(file.Size, "ramdisk", shownName);
            CheckSize(total + file.Size, "ramdisk with", shownName); // neither sum can run over: both parts are below the limit
            total += file.Size;
            Copy(file, shownName, output, outputName);
            if (files.Count > 1)
            {
                int padding = (int)(-total & (InitrdAlignment - 1));
                total += padding;
                Descriptor.WriteAll(output, outputName, Zeros[..padding]);
            }
        }

        return total;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Copy(FileNode file, string shownName, SafeFileHandle output, string outputName)
    {
        for (long offset = 0; offset < file.Size;)
        {
            int count = file.Read(offset, _buffer.Span);
            if (count == 0)
            {
                throw new ExtractException(ExitCode.Corrupt, $"{shownName} ends at byte {offset}, before its size of {file.Size}");
            }

            Descriptor.WriteAll(output, outputName, _buffer.Span[..count]);
            offset += count;
        }
    }

    private void CheckSize(long size, string kind, string shownName)
    {
        if (size > maxBytes)
        {
            throw new ExtractException(
                ExitCode.OverLimit,
                $"{kind} {shownName} has {size} bytes, more than {maxBytes >> 20} MiB: if the guest is trusted, raise {StageLimits.FileSizeVariable}");
        }
    }
}
