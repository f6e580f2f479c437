using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>The log as a ring of basic blocks of 512 bytes, in which log sequence numbers (cycle above block) count.</summary>
internal sealed class XfsLogDevice
{
    /// <summary>Log2 of a basic block's bytes (BBSHIFT).</summary>
    public const int BlockLog = 9;

    public const int BlockBytes = 1 << BlockLog;

    /// <summary>XLOG_HEADER_MAGIC_NUM.</summary>
    public const uint RecordMagic = 0xFEEDBABE;

    /// <summary>Blocks read together when single ones are looked at.</summary>
    private const int WindowBlocks = 64;

    private readonly BlockSource _source;
    private readonly long _start;
    private readonly byte[] _window = new byte[WindowBlocks << BlockLog];
    private uint _windowStart;
    private uint _windowCount;

    private XfsLogDevice(BlockSource source, long start, uint blocks) => (_source, _start, Blocks) = (source, start, blocks);

    /// <summary>What the log is on.</summary>
    public BlockSource Source => _source;

    public string SourceName => _source.Name;

    /// <summary>Basic blocks in the ring; at most 2^22.</summary>
    public uint Blocks { get; }

    /// <summary>The log inside the filesystem.</summary>
    /// <exception cref="ImageFormatException">It is not, or too large.</exception>
    public static XfsLogDevice Inside(BlockSource source, XfsSuperblock sb)
    {
        if (!sb.TryBlockOffset(sb.LogStart, sb.LogBlocks, out long start))
        {
            throw new ImageFormatException(
                ImageFault.Corrupt, XfsSuperblock.StructureName, source.Name, 48, $"log of {sb.LogBlocks} blocks at block {sb.LogStart}");
        }

        return new XfsLogDevice(source, start, BlocksOf(source, sb));
    }

    /// <summary>The log of a filesystem on another device, found by the UUID in its records; null where none of <paramref name="others"/> is it.</summary>
    /// <exception cref="ImageFormatException">It is too large.</exception>
    public static XfsLogDevice? Outside(BlockSource filesystem, XfsSuperblock sb, IEnumerable<BlockSource> others)
    {
        uint blocks = BlocksOf(filesystem, sb);
        foreach (BlockSource other in others)
        {
            if (other.Length >> BlockLog >= blocks && new XfsLogDevice(other, 0, blocks) is var device && device.IsOf(sb))
            {
                return device;
            }
        }

        return null;
    }

    /// <summary>Where a block stands in the source, in bytes.</summary>
    public long Position(uint block) => _start + ((long)block << BlockLog);

    /// <summary>The block a number of blocks behind one, around the ring.</summary>
    public uint After(uint block, long count) => (uint)((block + count) % Blocks);

    /// <summary>Blocks from one to another, around the ring; 0 for the same.</summary>
    public uint Distance(uint from, uint to) => to >= from ? to - from : Blocks - from + to;

    /// <summary>One block, valid until the next is asked for; its neighbours are read along with it.</summary>
    public ReadOnlySpan<byte> Block(uint block)
    {
        if (block < _windowStart || block - _windowStart >= _windowCount)
        {
            _windowStart = block - (block % WindowBlocks);
            _windowCount = 0;
            uint count = Math.Min(WindowBlocks, Blocks - _windowStart);
            _source.ReadExactly(Position(_windowStart), _window.AsSpan(0, (int)count << BlockLog));
            _windowCount = count;
        }

        return _window.AsSpan((int)(block - _windowStart) << BlockLog, BlockBytes);
    }

    /// <summary>Blocks in one read, around the ring's end where they go on at its beginning. No more than the ring has.</summary>
    public void Read(uint block, Span<byte> bytes)
    {
        int first = (int)Math.Min(bytes.Length, (long)(Blocks - block) << BlockLog);
        _source.ReadExactly(Position(block), bytes[..first]);
        if (first < bytes.Length)
        {
            _source.ReadExactly(_start, bytes[first..]);
        }
    }

    /// <summary>The cycle in which a block was written last: its first word, or the second where the first is a record's magic (xlog_get_cycle).</summary>
    public uint Cycle(uint block)
    {
        ReadOnlySpan<byte> start = Block(block);
        uint word = BinaryPrimitives.ReadUInt32BigEndian(start);
        return word == RecordMagic ? BinaryPrimitives.ReadUInt32BigEndian(start[sizeof(uint)..]) : word;
    }

    /// <summary>Whether a record begins at a block. No other block begins so: a cycle number, which stands there else, never has this value.</summary>
    public bool IsRecord(uint block) => BinaryPrimitives.ReadUInt32BigEndian(Block(block)) == RecordMagic;

    private static uint BlocksOf(BlockSource source, XfsSuperblock sb)
    {
        long bytes = (long)sb.LogBlocks << sb.BlockLog;
        if (bytes is 0 or > XfsLimits.MaxLogBytes)
        {
            throw new ImageFormatException(ImageFault.Corrupt, XfsSuperblock.StructureName, source.Name, 96, $"log of {bytes} bytes");
        }

        return (uint)(bytes >> BlockLog);
    }

    /// <summary>Whether the first record on the device is one of the filesystem. One begins no farther than a record is long.</summary>
    private bool IsOf(XfsSuperblock sb)
    {
        for (uint block = 0; block < Math.Min(Blocks, XfsLimits.MaxLogRecordBlocks); block++)
        {
            if (IsRecord(block))
            {
                return XfsLogRecord.TryParse(Block(block), block) is { } record && record.IsOf(sb);
            }
        }

        return false;
    }
}
