namespace BlockRbd.GuestKernel;

/// <summary>A kernel's file: all that this library sees of the world.</summary>
public interface IKernelFile
{
    /// <summary>Bytes.</summary>
    long Size { get; }

    /// <summary>Fills a buffer from byte <paramref name="offset"/>.</summary>
    /// <returns>Bytes read: fewer than the buffer's only at the end.</returns>
    int Read(long offset, Span<byte> buffer);
}
