namespace BlockRbd.Unpacking;

/// <summary>
/// The last bytes that came out, for formats that repeat them by distance. A ring that grows with the output up to its full size, so that
/// a window of 128 MiB for a file of one MiB takes one MiB.
/// </summary>
/// <param name="format">The format, for messages.</param>
/// <param name="sink">Where bytes go when the ring is full, and at <see cref="Flush"/>.</param>
/// <param name="size">Bytes that stay in reach.</param>
/// <param name="end">The end of the chain, which has the ceiling.</param>
internal sealed class OutputWindow(string format, IByteSink sink, int size, BoundedOutput end)
{
    private readonly long _maxOutput = end.Remaining; // of this window: what came out before it counts as well
    private readonly int _size = Math.Max(size, UnpackLimits.FirstWindow);
    private byte[] _ring = new byte[UnpackLimits.FirstWindow];
    private int _position;
    private int _limit = (int)Math.Min(UnpackLimits.FirstWindow, end.Remaining); // the ring's end, or where the ceiling is
    private int _flushed;
    private long _lap;    // bytes that came out before the ring's start
    private long _origin; // bytes that came out before the last reset

    /// <summary>Bytes since the last <see cref="Reset"/>.</summary>
    public long Total => _lap + _position - _origin;

    /// <summary>Nothing that came out so far can be repeated any more.</summary>
    public void Reset() => _origin = _lap + _position;

    /// <summary>The byte that came out <paramref name="distance"/> bytes ago, 1 for the last one.</summary>
    public byte At(int distance)
    {
        int index = _position - distance;
        return _ring[index < 0 ? index + _ring.Length : index];
    }

    /// <summary>Whether a distance leads to a byte that is still known.</summary>
    public bool Reaches(long distance) => distance > 0 && distance <= size && distance <= Total;

    public void Put(byte value)
    {
        if (_position == _limit)
        {
            MakeRoom();
        }

        _ring[_position++] = value;
    }

    /// <summary>Repeats bytes; the distance has been checked by <see cref="Reaches"/>.</summary>
    public void Repeat(int distance, int length)
    {
        while (length > 0)
        {
            if (_position == _limit)
            {
                MakeRoom();
            }

            int from = _position - distance;
            from = from < 0 ? from + _ring.Length : from;
            int count = Math.Min(Math.Min(length, _limit - _position), _ring.Length - from);
            if (from < _position && distance < count)
            {
                for (int i = 0; i < count; i++)
                {
                    _ring[_position + i] = _ring[from + i]; // they overlap: what has just been written is repeated
                }
            }
            else
            {
                _ring.AsSpan(from, count).CopyTo(_ring.AsSpan(_position));
            }

            _position += count;
            length -= count;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_position == _limit)
            {
                MakeRoom();
            }

            int count = Math.Min(bytes.Length, _limit - _position);
            bytes[..count].CopyTo(_ring.AsSpan(_position));
            _position += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Hands on what has not been yet.</summary>
    public void Flush()
    {
        sink.Write(_ring.AsSpan(_flushed.._position));
        _flushed = _position;
    }

    private void MakeRoom()
    {
        if (_lap + _position >= _maxOutput)
        {
            UnpackException.OverLimit(format, end.Limit);
        }

        if (_ring.Length < _size)
        {
            Array.Resize(ref _ring, (int)Math.Min(_size, _ring.Length * 2L)); // it has never been round, so bytes keep their places
        }
        else
        {
            Flush();
            _lap += _position;
            _position = _flushed = 0;
        }

        _limit = (int)Math.Min(_ring.Length, _maxOutput - _lap);
    }
}
