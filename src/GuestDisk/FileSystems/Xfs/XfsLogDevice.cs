using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>The internal log as a ring of basic blocks of 512 bytes, in which log sequence numbers (cycle above block) count.</summary>
internal sealed class XfsLogDevice
{
    /// <summary>Log2 of a basic block's bytes (BBSHIFT).</summary>
    public const int BlockLog = 9;

    public const int BlockBytes = 1 << BlockLog;

    /// <summary>XLOG_HEADER_MAGIC_NUM.</summary>
    public const uint RecordMagic = 0xFEEDBABE;

    /// <summary>Blocks read together when records are walked.</summary>
    private const int WindowBlocks = 32;

    private readonly XfsVolume _volume;
    private readonly long _start;
    private byte[] _window = [];
    private uint _windowStart;

    /// <exception cref="ImageFormatException">The log is not inside the filesystem.</exception>
    public XfsLogDevice(XfsVolume volume)
    {
        _volume = volume;
        XfsSuperblock sb = volume.Superblock;
        if (!sb.TryBlockOffset(sb.LogStart, sb.LogBlocks, out _start))
        {
            throw new ImageFormatException(
                ImageFault.Corrupt, XfsSuperblock.StructureName, volume.SourceName, 48, $"log of {sb.LogBlocks} blocks at block {sb.LogStart}");
        }

        long blocks = ((long)sb.LogBlocks << sb.BlockLog) >> BlockLog;
        Blocks = (uint)blocks; // at most 2^20 blocks of 64 KiB
    }

    /// <summary>Basic blocks in the ring.</summary>
    public uint Blocks { get; }

    /// <summary>One block; its neighbours on both sides are read along with it.</summary>
    public ReadOnlySpan<byte> Block(uint block)
    {
        if (block - (long)_windowStart is var ahead && (ahead < 0 || ahead >= _window.Length >> BlockLog))
        {
            _windowStart = block - (block % WindowBlocks);
            _window = Read(_windowStart, (int)Math.Min(WindowBlocks, Blocks - _windowStart));
            ahead = block - _windowStart;
        }

        return _window.AsSpan((int)ahead << BlockLog, BlockBytes);
    }

    /// <summary>Blocks in one read, around the ring's end where they go on at its beginning.</summary>
    public byte[] Read(uint block, int count)
    {
        byte[] bytes = new byte[count << BlockLog];
        int first = (int)Math.Min(count, Blocks - block);
        _volume.ReadData(_start + ((long)block << BlockLog), bytes.AsSpan(0, first << BlockLog));
        if (first < count)
        {
            _volume.ReadData(_start, bytes.AsSpan(first << BlockLog));
        }

        return bytes;
    }

    /// <summary>The cycle in which a block was written last: its first word, or the second where the first is a record's magic.</summary>
    public uint Cycle(uint block)
    {
        Span<byte> start = stackalloc byte[sizeof(ulong)];
        _volume.ReadData(_start + ((long)block << BlockLog), start);
        uint word = BinaryPrimitives.ReadUInt32BigEndian(start);
        return word == RecordMagic ? BinaryPrimitives.ReadUInt32BigEndian(start[sizeof(uint)..]) : word;
    }
}
