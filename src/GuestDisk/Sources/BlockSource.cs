namespace BlockRbd.GuestDisk.Sources;

/// <summary>Read-only bytes at random: a file, a block device, a slice of another source.</summary>
public abstract class BlockSource : IDisposable
{
    /// <summary>The source's name for messages: a path, or a path and what was cut out of it.</summary>
    public abstract string Name { get; }

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Logical sector size in bytes, 512 or 4096: what partition tables count in.</summary>
    public abstract int SectorSize { get; }

    /// <summary>Fills <paramref name="buffer"/> from byte <paramref name="offset"/>.</summary>
    /// <exception cref="ImageFormatException">The range is not wholly inside the source (<see cref="ImageFault.Truncated"/>).</exception>
    /// <exception cref="SourceReadException">The host can't read it.</exception>
    public void ReadExactly(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length || buffer.Length > Length - offset)
        {
            throw new ImageFormatException(ImageFault.Truncated, $"{buffer.Length} bytes", Name, offset, $"the device ends at byte {Length}");
        }

        ReadCore(offset, buffer);
    }

    /// <summary>The same into a new array. The caller has bounded <paramref name="length"/>.</summary>
    public byte[] ReadExactly(long offset, int length)
    {
        byte[] bytes = new byte[length];
        ReadExactly(offset, bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Fills the buffer; the range has been checked.</summary>
    protected abstract void ReadCore(long offset, Span<byte> buffer);

    /// <summary>Lets go of what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
