using System.Runtime.InteropServices;

namespace BlockRbd.Linux;

/// <summary>Memory that starts at a page, as O_DIRECT wants it, outside the collected heap.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    private const int PageSize = 4096;

    private void* _start;

    /// <param name="length">Bytes. Their content is whatever stood there.</param>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _start = NativeMemory.AlignedAlloc((nuint)length, PageSize);
        Length = length;
    }

    ~AlignedBuffer() => Free();

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes; not to be used after <see cref="Dispose"/>.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            return new Span<byte>(_start, Length);
        }
    }

    /// <summary>Whether a buffer's first byte stands at a multiple of <paramref name="alignment"/>, a power of two.</summary>
    /// <remarks>Lasting only for memory that the collector does not move, such as this class gives.</remarks>
    public static bool IsAligned(ReadOnlySpan<byte> buffer, int alignment)
    {
        fixed (byte* start = buffer)
        {
            return ((nuint)start & (nuint)(alignment - 1)) == 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
