using BlockRbd.Linux;

namespace BlockRbd.GuestDisk.Sources;

/// <summary>Aligned pieces of a source that were read whole and are kept, the oldest given up first.</summary>
internal sealed class ReadWindows(long sourceLength) : IDisposable
{
    /// <summary>Bytes of one window.</summary>
    public const int WindowBytes = 16 << 10;

    /// <summary>Windows kept: 2 MiB, as they come into use.</summary>
    private const int Slots = 128;

    private readonly long[] _starts = [.. Enumerable.Repeat(-1L, Slots)];
    private AlignedBuffer? _memory;
    private int _next;

    /// <summary>The window around a byte of the source; where it is not known it has to be filled, and <see cref="Keep"/> called.</summary>
    public Span<byte> Get(long offset, out long start, out bool known)
    {
        start = offset - (offset % WindowBytes);
        int slot = Array.IndexOf(_starts, start);
        known = slot >= 0;
        _memory ??= new AlignedBuffer(Slots * WindowBytes);
        if (!known)
        {
            slot = _next;
            _starts[slot] = -1;
        }

        return _memory.Span.Slice(slot * WindowBytes, (int)Math.Min(WindowBytes, sourceLength - start));
    }

    /// <summary>The window that <see cref="Get"/> gave last is filled.</summary>
    public void Keep(long start)
    {
        _starts[_next] = start;
        _next = (_next + 1) % Slots;
    }

    public void Dispose() => _memory?.Dispose();
}
