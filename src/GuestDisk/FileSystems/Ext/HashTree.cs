namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>Looks a name up through a directory's hash tree (directory.rst "Hash Tree Directories").</summary>
internal sealed class HashTree
{
    /// <summary>dx_root_info, behind the entries "." and "..".</summary>
    public const int RootInfoOffset = 24;

    /// <summary>dx_countlimit of a node below the root, behind one entry that looks free.</summary>
    public const int NodeCountOffset = 8;

    private const int RootInfoLength = 8; // info_length
    private const int EntrySize = 8; // struct dx_entry: hash, block
    private const int TailSize = 8; // struct dx_tail

    private readonly ExtVolume _volume;
    private readonly DirectoryBlocks _blocks;
    private readonly int _levels;
    private readonly DirectoryHash _hash;

    private HashTree(ExtVolume volume, DirectoryBlocks blocks, int levels, DirectoryHash hash)
    {
        _volume = volume;
        _blocks = blocks;
        _levels = levels;
        _hash = hash;
    }

    /// <summary>The directory's tree, or null where it has none that Linux would use: then it is searched from its start.</summary>
    public static HashTree? Of(ExtVolume volume, ExtInode inode, DirectoryBlocks blocks)
    {
        if (!volume.Superblock.Has(ExtCompat.DirIndex) || !inode.Has(ExtInodeFlags.HashIndexed) || blocks.Count < 2)
        {
            return null;
        }

        StructReader root = blocks.Block(0);
        int levels = root.U8(RootInfoOffset + 6); // indirect_levels
        int mostLevels = volume.Superblock.Has(ExtIncompat.LargeDir) ? ExtLimits.MaxHashTreeLevels : ExtLimits.MaxHashTreeLevels - 1;
        DirectoryHash? hash = DirectoryHash.Of(volume.Superblock, root.U8(RootInfoOffset + 4)); // hash_version
        bool usable = hash is not null && levels <= mostLevels
            && root.U8(RootInfoOffset + 5) == RootInfoLength
            && (root.U8(RootInfoOffset + 7) & 1) == 0; // unused_flags
        return usable ? new HashTree(volume, blocks, levels, hash!) : null;
    }

    /// <summary>Searches the leaves that may hold the name.</summary>
    /// <returns>
    /// The inode; 0 where the directory has no such name; null where the tree makes no sense and the whole directory must be searched.
    /// </returns>
    public uint? Find(ReadOnlySpan<byte> name)
    {
        uint wanted = _hash.Compute(name);
        Span<Step> path = stackalloc Step[ExtLimits.MaxHashTreeLevels + 1];
        if (!Descend(path, 0, 0, wanted))
        {
            return null;
        }

        // A run of equal hashes goes on in the next leaf, whose hash then has its lowest bit set.
        for (int visited = 0; visited < _blocks.Count; visited++)
        {
            long leaf = Child(_blocks.Block(path[_levels].Block), path[_levels]);
            if (leaf >= _blocks.Count)
            {
                return null;
            }

            uint inode = FindInLeaf(_blocks.Block(leaf), name);
            if (inode != 0)
            {
                return inode;
            }

            switch (Advance(path, wanted))
            {
                case Next.Leaf:
                    continue;
                case Next.None:
                    return 0;
                default:
                    return null;
            }
        }

        return null;
    }

    private uint FindInLeaf(StructReader leaf, ReadOnlySpan<byte> name)
    {
        DirentReader entries = new(_volume, leaf, 0);
        while (entries.MoveNext())
        {
            if (entries.Inode != 0 && entries.Name.SequenceEqual(name))
            {
                return entries.Inode;
            }
        }

        return 0;
    }

    /// <summary>Fills the path from <paramref name="level"/>, whose node is <paramref name="block"/>, down to the last level.</summary>
    private bool Descend(Span<Step> path, int level, long block, uint wanted)
    {
        while (true)
        {
            if (block >= _blocks.Count)
            {
                return false;
            }

            StructReader node = _blocks.Block(block);
            int countOffset = level == 0 ? RootInfoOffset + RootInfoLength : NodeCountOffset;
            int limit = node.U16(countOffset);
            int count = node.U16(countOffset + 2);
            int space = node.Length - countOffset - (_volume.Superblock.HasMetadataChecksums ? TailSize : 0);
            if (limit != space / EntrySize || count == 0 || count > limit)
            {
                return false;
            }

            path[level] = new Step(block, countOffset, count, LastNotBehind(node, countOffset, count, wanted));
            if (level == _levels)
            {
                return true;
            }

            block = Child(node, path[level]);
            level++;
        }
    }

    /// <summary>Goes to the next leaf if it continues the run of names with the hash.</summary>
    private Next Advance(Span<Step> path, uint wanted)
    {
        int level = _levels;
        while (path[level].Index + 1 >= path[level].Count)
        {
            if (level-- == 0)
            {
                return Next.None;
            }
        }

        path[level] = path[level] with { Index = path[level].Index + 1 };
        StructReader node = _blocks.Block(path[level].Block);
        uint hash = node.U32(path[level].CountOffset + (path[level].Index * EntrySize));
        if ((hash & ~1u) != wanted || (hash & 1) == 0)
        {
            return Next.None;
        }

        // Below, the run goes on with each node's first child, whose hash is its parent's.
        return level == _levels || Descend(path, level + 1, Child(node, path[level]), 0) ? Next.Leaf : Next.Broken;
    }

    /// <summary>The last entry whose hash is not greater; the first has none and stands for 0.</summary>
    private static int LastNotBehind(StructReader node, int countOffset, int count, uint wanted)
    {
        int low = 1;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (node.U32(countOffset + (middle * EntrySize)) <= wanted)
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

    private static long Child(StructReader node, Step step) =>
        node.U32(step.CountOffset + (step.Index * EntrySize) + 4) & 0x0FFFFFFF; // the block's upper four bits are reserved

    private enum Next
    {
        Leaf,
        None,
        Broken,
    }

    private readonly record struct Step(long Block, int CountOffset, int Count, int Index);
}
