using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Packed;

/// <summary>Reads more at once, and more each time, while what is asked for follows on what was asked for before: packed blocks are small and lie one behind another.</summary>
internal sealed class ReadAhead(BlockSource source)
{
    private const int FirstBytes = 64 << 10;
    private const int MaxBytes = 1 << 20;

    private byte[] _window = [];
    private long _start;
    private int _filled;
    private long _next = -1;
    private int _size;

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="ImageFormatException">The range is not wholly inside the source.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        int known = FromWindow(offset, buffer);
        _size = offset != _next ? 0 : known == buffer.Length ? _size : Math.Clamp(_size * 2, FirstBytes, MaxBytes);
        _next = offset + buffer.Length;
        offset += known;
        buffer = buffer[known..];
        if (buffer.IsEmpty)
        {
            return;
        }

        if (buffer.Length >= _size || !TryFill(offset, buffer.Length))
        {
            source.ReadExactly(offset, buffer);
            return;
        }

        FromWindow(offset, buffer);
    }

    private int FromWindow(long offset, Span<byte> buffer)
    {
        if (offset < _start || offset >= _start + _filled)
        {
            return 0;
        }

        ReadOnlySpan<byte> found = _window.AsSpan((int)(offset - _start), _filled - (int)(offset - _start));
        int count = Math.Min(found.Length, buffer.Length);
        found[..count].CopyTo(buffer);
        return count;
    }

    /// <returns>False where it can't be read: what is asked for may still be good.</returns>
    private bool TryFill(long offset, int needed)
    {
        int count = (int)Math.Clamp(source.Length - offset, 0, _size);
        if (count < needed)
        {
            return false;
        }

        if (_window.Length < count)
        {
            _window = new byte[_size];
        }

        _filled = 0;
        try
        {
            source.ReadExactly(offset, _window.AsSpan(0, count));
        }
        catch (SourceReadException)
        {
            return false;
        }

        (_start, _filled) = (offset, count);
        return true;
    }
}
