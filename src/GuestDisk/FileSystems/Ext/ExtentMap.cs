using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>An extent tree: dynamic.rst "Extent Tree".</summary>
internal sealed class ExtentMap(ExtVolume volume, ExtInode inode) : BlockMap
{
    private const ushort Magic = 0xF30A;
    private const int HeaderSize = 12;
    private const int EntrySize = 12;
    private const int MaxInitializedLength = 32768; // EXT_INIT_MAX_LEN: a longer ee_len means unwritten
    private const long MaxBlocks = 1L << 32; // ee_block is 32 bits wide

    private readonly string _structure = $"ext4 extent node of inode {inode.Number}";
    private byte[] _leaf = [];
    private int _leafEntries;
    private long _leafFirst; // what the leaf answers for: [_leafFirst, _leafEnd)
    private long _leafEnd;

    /// <inheritdoc/>
    public override BlockRun Find(long logical)
    {
        if (logical >= MaxBlocks)
        {
            return new BlockRun(long.MaxValue - logical, BlockRun.Zeros);
        }

        if (logical < _leafFirst || logical >= _leafEnd)
        {
            Descend(logical);
        }

        return FindInLeaf(logical);
    }

    private BlockRun FindInLeaf(long logical)
    {
        StructReader leaf = new(_structure, volume.Source.Name, 0, _leaf);
        int at = LastStartingBy(leaf, _leafEntries, logical);
        if (at >= 0)
        {
            (long first, long count, long physical, bool unwritten) = Extent(leaf, EntryOffset(at));
            if (logical < first + count)
            {
                return new BlockRun(first + count - logical, unwritten ? BlockRun.Zeros : physical + (logical - first));
            }
        }

        long next = at + 1 < _leafEntries ? Key(leaf, at + 1) : _leafEnd;
        return new BlockRun(next - logical, BlockRun.Zeros);
    }

    private void Descend(long logical)
    {
        byte[] bytes = inode.Body;
        long first = 0;
        long end = MaxBlocks;
        int depth = -1;
        long block = 0;
        while (true)
        {
            // The root stands in the inode, whose place nobody needs to be told; the blocks below it say theirs.
            StructReader node = depth < 0
                ? new StructReader($"ext4 extent root of inode {inode.Number}", volume.Source.Name, ExtVolume.NoPlace, bytes)
                : volume.Reader(_structure, block, bytes);
            (int entries, int nodeDepth) = CheckHeader(node, depth);
            if (nodeDepth == 0)
            {
                CheckLeaf(node, entries, first, end);
                (_leaf, _leafEntries, _leafFirst, _leafEnd) = (bytes, entries, first, end);
                return;
            }

            CheckIndex(node, entries, first, end);
            int at = LastStartingBy(node, entries, logical);
            if (at < 0)
            {
                // A hole before the first child: an empty leaf says so.
                (_leaf, _leafEntries, _leafFirst, _leafEnd) = ([], 0, first, entries > 0 ? Key(node, 0) : end);
                return;
            }

            first = Key(node, at);
            end = at + 1 < entries ? Key(node, at + 1) : end;
            block = node.U32(EntryOffset(at) + 4) | ((long)node.U16(EntryOffset(at) + 8) << 32); // ei_leaf_lo, _hi
            depth = nodeDepth;
            bytes = volume.MetadataBlock(block, _structure);
            CheckChecksum(volume.Reader(_structure, block, bytes));
        }
    }

    private static (int Entries, int Depth) CheckHeader(StructReader node, int parentDepth)
    {
        if (node.U16(0) != Magic) // eh_magic
        {
            node.Corrupt(0, $"magic is 0x{node.U16(0):x4}, not 0x{Magic:x4}");
        }

        int entries = node.U16(2); // eh_entries
        int max = node.U16(4); // eh_max
        int depth = node.U16(6); // eh_depth: 0 means the entries are extents
        if (max == 0 || max > (node.Length - HeaderSize) / EntrySize || entries > max)
        {
            node.Corrupt(2, $"{entries} entries of at most {max} in {node.Length} bytes");
        }

        if (depth > ExtLimits.MaxExtentDepth || (parentDepth >= 0 && depth != parentDepth - 1))
        {
            node.Corrupt(6, $"depth {depth} below a node of depth {parentDepth}");
        }

        return (entries, depth);
    }

    private void CheckChecksum(StructReader node)
    {
        if (!volume.Superblock.HasMetadataChecksums)
        {
            return;
        }

        int tail = HeaderSize + (EntrySize * node.U16(4)); // ext4_extent_tail follows the last possible entry
        if (tail + sizeof(uint) > node.Length)
        {
            node.Corrupt(4, "no room for the checksum");
        }

        uint computed = Crc32C.Append(inode.ChecksumSeed, node.Bytes(0, tail));
        if (!StoredChecksum.Matches(node.U32(tail), computed)) // et_checksum
        {
            node.Corrupt(tail, $"checksum is 0x{node.U32(tail):x8}, computed 0x{computed:x8}");
        }
    }

    /// <summary>Extents that are sorted, do not overlap, and lie on the device.</summary>
    private void CheckLeaf(StructReader leaf, int entries, long first, long end)
    {
        long free = first;
        for (int i = 0; i < entries; i++)
        {
            (long start, long count, long physical, _) = Extent(leaf, EntryOffset(i));
            if (count == 0 || start < free || start + count > end)
            {
                leaf.Corrupt(EntryOffset(i), $"extent of blocks {start} to {start + count} where {free} to {end} is left");
            }

            if (!volume.IsBlock(physical) || physical + count > volume.Superblock.BlocksCount)
            {
                leaf.Corrupt(EntryOffset(i), $"{count} blocks at block {physical} of {volume.Superblock.BlocksCount}");
            }

            free = start + count;
        }
    }

    /// <summary>Children that are sorted and begin inside their parent's range.</summary>
    private static void CheckIndex(StructReader node, int entries, long first, long end)
    {
        long free = first;
        for (int i = 0; i < entries; i++)
        {
            long start = Key(node, i);
            if (start < free || start >= end)
            {
                node.Corrupt(EntryOffset(i), $"child from block {start} where {free} to {end} is left");
            }

            free = start + 1;
        }
    }

    /// <summary>The extent (struct ext4_extent) that begins at byte <paramref name="at"/>.</summary>
    public static (long First, long Count, long Physical, bool Unwritten) Extent(StructReader leaf, int at)
    {
        int length = leaf.U16(at + 4); // ee_len
        long physical = leaf.U32(at + 8) | ((long)leaf.U16(at + 6) << 32); // ee_start_lo, _hi
        bool unwritten = length > MaxInitializedLength;
        return (leaf.U32(at), unwritten ? length - MaxInitializedLength : length, physical, unwritten);
    }

    /// <summary>The last entry whose key (ee_block, ei_block) is not behind <paramref name="logical"/>, or -1.</summary>
    private static int LastStartingBy(StructReader node, int entries, long logical)
    {
        int low = 0;
        int high = entries;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Key(node, middle) <= logical)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private static uint Key(StructReader node, int index) => node.U32(EntryOffset(index));

    private static int EntryOffset(int index) => HeaderSize + (index * EntrySize);
}
