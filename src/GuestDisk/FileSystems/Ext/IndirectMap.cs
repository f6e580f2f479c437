using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>ext2's block map: twelve blocks, then one tree each of one, two and three levels (blockmap.rst).</summary>
internal sealed class IndirectMap(ExtVolume volume, ExtInode inode) : BlockMap
{
    private const int DirectBlocks = 12; // EXT4_NDIR_BLOCKS
    private const int Levels = 3;

    private readonly string _structure = $"ext4 indirect block of inode {inode.Number}";
    private readonly int _pointersPerBlock = volume.BlockSize / sizeof(uint);
    private byte[] _leaf = [];
    private long _leafFirst; // what the leaf's pointers answer for: [_leafFirst, _leafEnd)
    private long _leafEnd;

    /// <inheritdoc/>
    public override BlockRun Find(long logical)
    {
        if (logical < DirectBlocks)
        {
            return RunIn(inode.Body.AsSpan(0, DirectBlocks * sizeof(uint)), (int)logical);
        }

        if (logical < _leafFirst || logical >= _leafEnd)
        {
            BlockRun? hole = Descend(logical);
            if (hole is not null)
            {
                return hole.Value;
            }
        }

        return RunIn(_leaf, (int)(logical - _leafFirst));
    }

    /// <summary>Loads the leaf that holds the block's pointer; where there is none, the hole up to the tree's next branch.</summary>
    private BlockRun? Descend(long logical)
    {
        long start = DirectBlocks;
        long span = _pointersPerBlock;
        int level = 1;
        while (logical - start >= span)
        {
            start += span;
            if (++level > Levels)
            {
                return new BlockRun(long.MaxValue - logical, BlockRun.Zeros);
            }

            span *= _pointersPerBlock;
        }

        long block = BinaryPrimitives.ReadUInt32LittleEndian(inode.Body.AsSpan((DirectBlocks + level - 1) * sizeof(uint)));
        while (true)
        {
            if (block == 0)
            {
                return new BlockRun(start + span - logical, BlockRun.Zeros);
            }

            byte[] bytes = volume.MetadataBlock(block, _structure);
            if (--level == 0)
            {
                (_leaf, _leafFirst, _leafEnd) = (bytes, start, start + span);
                return null;
            }

            span /= _pointersPerBlock;
            long index = (logical - start) / span;
            start += index * span;
            block = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)index * sizeof(uint)));
        }
    }

    private BlockRun RunIn(ReadOnlySpan<byte> pointers, int index)
    {
        long physical = Pointer(pointers, index);
        int last = (pointers.Length / sizeof(uint)) - 1;
        int count = 1;
        if (physical == 0)
        {
            while (index + count <= last && Pointer(pointers, index + count) == 0)
            {
                count++;
            }

            return new BlockRun(count, BlockRun.Zeros);
        }

        while (index + count <= last && Pointer(pointers, index + count) == physical + count)
        {
            count++;
        }

        if (!volume.IsBlock(physical) || physical + count > volume.Superblock.BlocksCount)
        {
            volume.Corrupt(_structure, $"{count} blocks at block {physical} of {volume.Superblock.BlocksCount}");
        }

        return new BlockRun(count, physical);
    }

    private static long Pointer(ReadOnlySpan<byte> pointers, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(pointers[(index * sizeof(uint))..]);
}
