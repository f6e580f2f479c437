using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>Where the blocks of a file stand. The disk has their sizes alone, so the list is walked once, as far as it is wanted, and what is needed to begin again is kept for each run of them.</summary>
internal sealed class SquashFsBlockList(SquashFsVolume volume, SquashFsInode inode, long count)
{
    private const int RunBlocks = 1024;

    private readonly List<(SquashFsCursor Cursor, ulong Start)> _runs = [(inode.Rest, inode.StartBlock)];
    private readonly byte[] _words = new byte[(int)Math.Min(count, RunBlocks) * sizeof(uint)];
    private readonly ulong[] _starts = new ulong[(int)Math.Min(count, RunBlocks)];
    private int _run = -1;

    /// <summary>Blocks.</summary>
    public long Count => count;

    /// <exception cref="ImageFormatException">The list ends before, or what it says can't be.</exception>
    public SquashFsBlock this[long index]
    {
        get
        {
            int run = (int)(index / RunBlocks);
            while (_run != run)
            {
                Load(Math.Min(run, _runs.Count - 1));
            }

            int at = (int)(index % RunBlocks);
            return volume.Block(_starts[at], Word(at));
        }
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_words.AsSpan(at * sizeof(uint)));

    private void Load(int run)
    {
        (SquashFsCursor cursor, ulong start) = _runs[run];
        int blocks = (int)Math.Min(RunBlocks, count - ((long)run * RunBlocks));
        _run = -1;
        cursor.Read(_words.AsSpan(0, blocks * sizeof(uint)));
        for (int i = 0; i < blocks; i++)
        {
            _starts[i] = start;
            start += (ulong)volume.Block(start, Word(i)).Bytes;
        }

        _run = run;
        if (_runs.Count == run + 1)
        {
            _runs.Add((cursor, start));
        }
    }
}
