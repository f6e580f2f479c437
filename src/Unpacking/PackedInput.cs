using System.Buffers.Binary;

namespace BlockRbd.Unpacking;

/// <summary>A source's bytes one by one, through a buffer of fixed size.</summary>
/// <param name="format">The format, for messages.</param>
/// <param name="source">Read from where it stands.</param>
internal sealed class PackedInput(string format, Stream source)
{
    private readonly byte[] _buffer = new byte[UnpackLimits.ReadBytes];
    private int _next;
    private int _end;
    private long _start; // of the buffer in the source

    /// <summary>The format, for messages.</summary>
    public string Format => format;

    /// <summary>Bytes given out so far.</summary>
    public long Position => _start + _next;

    /// <summary>Whether nothing follows.</summary>
    public bool AtEnd => _next == _end && !Fill();

    public byte ReadByte()
    {
        if (_next == _end && !Fill())
        {
            UnpackException.Truncated(format);
        }

        return _buffer[_next++];
    }

    public void ReadExactly(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_next == _end && !Fill())
            {
                UnpackException.Truncated(format);
            }

            int count = Math.Min(bytes.Length, _end - _next);
            _buffer.AsSpan(_next, count).CopyTo(bytes);
            _next += count;
            bytes = bytes[count..];
        }
    }

    public byte[] ReadExactly(int count)
    {
        byte[] bytes = new byte[count];
        ReadExactly(bytes);
        return bytes;
    }

    public ushort ReadUInt16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(ReadExactly(sizeof(ushort)));

    public uint ReadUInt32BigEndian() => BinaryPrimitives.ReadUInt32BigEndian(ReadExactly(sizeof(uint)));

    public uint ReadUInt32LittleEndian() => BinaryPrimitives.ReadUInt32LittleEndian(ReadExactly(sizeof(uint)));

    private bool Fill()
    {
        _start += _end;
        _next = 0;
        _end = source.Read(_buffer);
        return _end > 0;
    }
}
