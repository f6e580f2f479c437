using System.Numerics;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>What is logged of a buffer of metadata (xfs_buf_log_format): pieces of 128 bytes, by a bitmap.</summary>
internal readonly ref struct XfsBufferItem
{
    private const int MapOffset = 20;      // blf_data_map
    private const int MaxMapWords = 17;    // XFS_BLF_DATAMAP_SIZE
    private const int BitsPerWord = 32;

    private readonly StructReader _format;
    private readonly int _words;

    /// <exception cref="ImageFormatException">It makes no sense.</exception>
    public XfsBufferItem(StructReader format, long sourceLength)
    {
        _format = format;
        uint words = format.U32(16); // blf_map_size
        if (words > MaxMapWords || MapOffset + (words * sizeof(uint)) > format.Length)
        {
            format.Corrupt(16, $"map of {words} words in {format.Length} bytes");
        }

        _words = (int)words;
        Flags = (XfsBufferFlags)format.U16(4);
        Blocks = format.U16(6);
        ulong block = format.U64(8);
        if (block > (ulong)(sourceLength >> XfsLogDevice.BlockLog) || Blocks == 0 || Blocks > (sourceLength >> XfsLogDevice.BlockLog) - (long)block)
        {
            format.Corrupt(8, $"buffer of {Blocks} sectors at sector {block}, outside the filesystem");
        }

        Block = (long)block;
    }

    /// <summary>blf_flags.</summary>
    public XfsBufferFlags Flags { get; }

    /// <summary>blf_blkno: where the buffer begins, in sectors of 512 bytes.</summary>
    public long Block { get; }

    /// <summary>blf_len: how many sectors.</summary>
    public ushort Blocks { get; }

    /// <summary>Where it stands, in bytes.</summary>
    public long Offset => Block << XfsLogDevice.BlockLog;

    public int Length => Blocks << XfsLogDevice.BlockLog;

    /// <summary>Puts what is logged into the changes (xlog_recover_do_reg_buffer).</summary>
    /// <exception cref="ImageFormatException">Map and regions don't fit each other.</exception>
    public void Replay(XfsLogItemReader item, XfsLogChanges changes)
    {
        int bit = 0;
        for (int region = 1; NextSet(ref bit); region++)
        {
            int run = Run(bit);
            if (region >= item.Regions || item.Length(region) < XfsLogChanges.ChunkBytes)
            {
                _format.Corrupt(MapOffset, $"its map has more than its {item.Regions - 1} regions");
            }

            // What is dirty in one piece may be logged in several, where memory is not in one piece.
            run = Math.Min(run, item.Length(region) / XfsLogChanges.ChunkBytes);
            if ((bit + run) * XfsLogChanges.ChunkBytes > Length)
            {
                _format.Corrupt(MapOffset, $"its map goes beyond its {Length} bytes");
            }

            for (int i = 0; i < run; i++)
            {
                changes.SetChunk(
                    Offset + ((bit + i) * (long)XfsLogChanges.ChunkBytes), item.Position(region, i * XfsLogChanges.ChunkBytes, XfsLogChanges.ChunkBytes));
            }

            bit += run;
        }
    }

    /// <summary>Whether an earlier item of the log was put where this one goes.</summary>
    public bool IsAgain(XfsLogChanges changes) => changes.IsReplayed(Offset, Length);

    private bool NextSet(ref int bit)
    {
        for (int word = bit / BitsPerWord; word < _words; bit = ++word * BitsPerWord)
        {
            uint rest = _format.U32(MapOffset + (word * sizeof(uint))) >> (bit % BitsPerWord);
            if (rest != 0)
            {
                bit += BitOperations.TrailingZeroCount(rest);
                return true;
            }
        }

        return false;
    }

    private int Run(int bit)
    {
        int end = bit;
        while (end / BitsPerWord < _words && (_format.U32(MapOffset + (end / BitsPerWord * sizeof(uint))) >> (end % BitsPerWord) & 1) != 0)
        {
            end++;
        }

        return end - bit;
    }
}
