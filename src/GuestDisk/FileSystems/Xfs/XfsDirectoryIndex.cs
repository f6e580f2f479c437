namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>Reads a block of a directory's index and says where it stood.</summary>
internal delegate byte[] XfsIndexBlockReader(uint block, out XfsPlace place);

/// <summary>The hash index of a directory: one leaf, or nodes above a chain of leaves (xfs_dir2_leaf, xfs_da_intnode).</summary>
internal sealed class XfsDirectoryIndex(string source, XfsSuperblock superblock, ulong owner, XfsIndexBlockReader read)
{
    private const string StructureName = "XFS directory index block";
    private const int MagicOffset = 8;
    private const ushort NodeV4 = 0xFEBE;
    private const ushort NodeV5 = 0x3EBE;
    private const ushort Leaf1V4 = 0xD2F1;
    private const ushort Leaf1V5 = 0x3DF1;
    private const ushort LeafNV4 = 0xD2FF;
    private const ushort LeafNV5 = 0x3DFF;
    private const int HeaderV4 = 16;
    private const int HeaderV5 = 64;
    private const int EntryBytes = 8;
    private const uint NoAddress = 0; // XFS_DIR2_NULL_DATAPTR: the entry is stale

    private int Header => superblock.IsV5 ? HeaderV5 : HeaderV4;

    /// <summary>Where entries with this hash are, in units of 8 bytes of the directory's address space.</summary>
    /// <exception cref="ImageFormatException">The index is corrupt or without bounds.</exception>
    public List<uint> Addresses(uint hash)
    {
        List<uint> addresses = [];
        uint leaf = Descend(hash);
        for (int leaves = 1; leaf != 0; leaves++)
        {
            StructReader block = Read(leaf);
            if (leaves > XfsLimits.MaxHashLeaves)
            {
                block.OverLimit(0, $"inode {owner}: more than {XfsLimits.MaxHashLeaves} leaves for one hash");
            }

            leaf = Collect(block, hash, addresses) ? block.U32BigEndian(0) : 0; // forw
        }

        return addresses;
    }

    /// <summary>The leaf in which the hash would be first. Each step goes one level down, so it ends whatever the pointers say.</summary>
    private uint Descend(uint hash)
    {
        uint number = (uint)(1UL << (XfsDirectory.IndexOffsetLog - superblock.BlockLog));
        int expected = -1;
        while (true)
        {
            StructReader block = Read(number);
            bool isNode = block.U16BigEndian(MagicOffset) == (superblock.IsV5 ? NodeV5 : NodeV4);
            if (!isNode)
            {
                if (expected > 0)
                {
                    block.Corrupt(MagicOffset, $"inode {owner}: a leaf where a node of level {expected} is due");
                }

                return number;
            }

            int level = block.U16BigEndian(Header == HeaderV5 ? 58 : 14);
            if (level is 0 or > XfsLimits.MaxHashLevel || (expected >= 0 && level != expected))
            {
                block.Corrupt(MagicOffset, $"inode {owner}: node of level {level}" + (expected >= 0 ? $" where {expected} is due" : ""));
            }

            expected = level - 1;
            int count = Count(block, Header == HeaderV5 ? 56 : 12);
            if (count == 0)
            {
                block.Corrupt(MagicOffset, $"inode {owner}: node without entries");
            }

            int index = Math.Min(LowerBound(block, count, hash), count - 1);
            number = block.U32BigEndian(Header + (index * EntryBytes) + 4);
        }
    }

    /// <summary>Adds a leaf's addresses for the hash; whether the next leaf may have more.</summary>
    private bool Collect(StructReader block, uint hash, List<uint> addresses)
    {
        int count = Count(block, Header == HeaderV5 ? 56 : 12);
        int index = LowerBound(block, count, hash);
        for (; index < count && block.U32BigEndian(Header + (index * EntryBytes)) == hash; index++)
        {
            uint address = block.U32BigEndian(Header + (index * EntryBytes) + 4);
            if (address != NoAddress)
            {
                addresses.Add(address);
            }
        }

        return index == count && count > 0;
    }

    private StructReader Read(uint number)
    {
        byte[] bytes = read(number, out XfsPlace place);
        StructReader block = new(StructureName, source, place.Offset, bytes);
        ushort magic = block.U16BigEndian(MagicOffset);
        bool isKnown = superblock.IsV5 ? magic is NodeV5 or Leaf1V5 or LeafNV5 : magic is NodeV4 or Leaf1V4 or LeafNV4;
        if (!isKnown)
        {
            block.Corrupt(MagicOffset, $"inode {owner}: magic is 0x{magic:x4}");
        }

        if (superblock.IsV5)
        {
            XfsSelfDescription.DirectoryIndex.Check(block, bytes, place, owner, superblock);
        }

        return block;
    }

    private int Count(StructReader block, int offset)
    {
        int count = block.U16BigEndian(offset);
        int room = (block.Length - Header) / EntryBytes;
        if (count > room)
        {
            block.Corrupt(offset, $"inode {owner}: {count} entries where {room} have room");
        }

        return count;
    }

    /// <summary>First entry whose hash is not below <paramref name="hash"/>.</summary>
    private int LowerBound(StructReader block, int count, uint hash)
    {
        int first = 0;
        int end = count;
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            if (block.U32BigEndian(Header + (middle * EntryBytes)) < hash)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }
}
