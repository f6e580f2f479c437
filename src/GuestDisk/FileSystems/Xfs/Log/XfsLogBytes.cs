using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>
/// Where bytes of a record's body stand: byte in the ring, and how many blocks behind the begin of its record, whose header has the words that
/// cycle numbers replaced. Or, where they are in two records, in what <see cref="XfsLogBytes.Keep"/> keeps. The default is nowhere.
/// </summary>
internal readonly record struct XfsLogPosition
{
    private const int DistanceBits = 10; // MaxLogRecordBlocks is less
    private readonly long _value;

    private XfsLogPosition(long value) => _value = value;

    public bool IsNone => _value == 0;

    public bool IsKept => _value < 0;

    /// <summary>Byte in the ring, or in what is kept.</summary>
    public long Offset => IsKept ? ~_value : _value >> DistanceBits;

    /// <summary>Blocks from the record's begin.</summary>
    public int Distance => (int)(_value & ((1 << DistanceBits) - 1));

    /// <param name="offset">In the ring.</param>
    /// <param name="distance">Blocks from the record's begin to the block of that byte; never 0.</param>
    public static XfsLogPosition InLog(long offset, int distance) => new((offset << DistanceBits) | (uint)distance);

    public static XfsLogPosition Kept(int offset) => new(~(long)offset);

    /// <summary>So many bytes farther, inside the same body.</summary>
    public XfsLogPosition Plus(int bytes) => IsKept
        ? Kept((int)Offset + bytes)
        : InLog(Offset + bytes, Distance + (int)(((Offset + bytes) >> XfsLogDevice.BlockLog) - (Offset >> XfsLogDevice.BlockLog)));
}

/// <summary>Bytes of the log's records, read again when they are wanted, so that a replay holds little more than where they are.</summary>
internal sealed class XfsLogBytes(BlockSource source, XfsLogDevice device)
{
    private readonly XfsMetadataCache _cache = new(source);
    private byte[] _kept = [];
    private int _keptBytes;

    /// <summary>Puts aside what isn't in one piece in the log.</summary>
    /// <exception cref="ImageFormatException">More than any log of sense has.</exception>
    public XfsLogPosition Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > XfsLimits.MaxLogKeptBytes - _keptBytes)
        {
            throw new ImageFormatException(
                ImageFault.OverLimit, XfsLog.StructureName, device.SourceName, -1, $"more than {XfsLimits.MaxLogKeptBytes} bytes are divided over records");
        }

        if (_kept.Length - _keptBytes < bytes.Length)
        {
            Array.Resize(ref _kept, Math.Max(_kept.Length * 2, _keptBytes + bytes.Length));
        }

        bytes.CopyTo(_kept.AsSpan(_keptBytes));
        _keptBytes += bytes.Length;
        return XfsLogPosition.Kept(_keptBytes - bytes.Length);
    }

    /// <summary>Where they stand in the source, for complaints; -1 where they are in two places.</summary>
    public long SourceOffset(XfsLogPosition position) =>
        position.IsKept || position.IsNone ? -1 : device.Position((uint)((position.Offset >> XfsLogDevice.BlockLog) % device.Blocks)) + (position.Offset % XfsLogDevice.BlockBytes);

    /// <summary>Fills the buffer; all of it is in the body of one record.</summary>
    public void Read(XfsLogPosition position, Span<byte> buffer)
    {
        if (position.IsKept)
        {
            _kept.AsSpan((int)position.Offset, buffer.Length).CopyTo(buffer);
            return;
        }

        long offset = position.Offset;
        for (int distance = position.Distance; !buffer.IsEmpty; distance++)
        {
            uint block = (uint)((offset >> XfsLogDevice.BlockLog) % device.Blocks); // a body may go on at the ring's begin
            int inBlock = (int)(offset % XfsLogDevice.BlockBytes);
            int length = Math.Min(buffer.Length, XfsLogDevice.BlockBytes - inBlock);
            _cache.Read(device.Position(block) + inBlock, buffer[..length]);
            if (inBlock < sizeof(uint))
            {
                PutBack(block, distance, inBlock, buffer[..Math.Min(length, sizeof(uint) - inBlock)]);
            }

            buffer = buffer[length..];
            offset += length;
        }
    }

    /// <summary>Puts back the first bytes of a block, which its record's header has.</summary>
    private void PutBack(uint block, int distance, int inBlock, Span<byte> bytes)
    {
        uint start = device.After(block, device.Blocks - (uint)distance);
        Span<byte> header = stackalloc byte[XfsLogDevice.BlockBytes];
        _cache.Read(device.Position(start), header);
        XfsLogRecord record = XfsLogRecord.TryParse(header, start)!; // it was read before
        int at = XfsLogRecord.CycleData(distance - record.HeaderBlocks);
        uint place = device.After(start, at >> XfsLogDevice.BlockLog);
        _cache.Read(device.Position(place) + (at % XfsLogDevice.BlockBytes) + inBlock, bytes);
    }
}
