using BlockRbd.GuestDisk.FileSystems.Xfs.Log;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>
/// Where an inode's blocks are: a list of extents in the inode, or a B+tree of them ("Extent List" and "B+tree Extent List" of the XFS
/// Algorithms and Data Structures book). Only the leaf that was used last is kept, whatever the number of extents.
/// </summary>
internal sealed class XfsExtentMap
{
    private const string TreeName = "XFS extent tree";
    private const string TreeBlockName = "XFS extent tree block";
    private const uint MagicV4 = 0x424D4150; // "BMAP"
    private const uint MagicV5 = 0x424D4133; // "BMA3"
    private const int BlockHeaderV4 = 24;
    private const int BlockHeaderV5 = 72;
    private const int RootHeader = 4;
    private const int KeyBytes = 8;
    private const int PointerBytes = 8;

    private readonly XfsVolume _volume;
    private readonly XfsInodeCore _inode;
    private readonly IReadOnlyList<XfsRemap>? _remaps;
    private XfsExtentList? _records;

    /// <exception cref="ImageFormatException">The list in the inode is corrupt.</exception>
    public XfsExtentMap(XfsVolume volume, XfsInodeCore inode)
    {
        (_volume, _inode, _remaps) = (volume, inode, volume.Remaps(inode.Number));
        if (inode.Format == XfsForkFormat.BTree)
        {
            return;
        }

        StructReader fork = inode.ForkReader("XFS extent list", volume.SourceName);
        if (inode.ExtentCount > (ulong)(inode.Fork.Length / XfsExtent.RecordBytes))
        {
            fork.Corrupt(0, $"inode {inode.Number}: {inode.ExtentCount} extents in {inode.Fork.Length} bytes");
        }

        _records = new XfsExtentList(volume.Superblock, fork, inode.Fork, 0, (int)inode.ExtentCount, 0, ulong.MaxValue);
    }

    /// <summary>What stands at a block of the file.</summary>
    /// <exception cref="ImageFormatException">The tree is corrupt.</exception>
    public XfsMapping Find(ulong fileBlock)
    {
        if (_records is null || !_records.Covers(fileBlock))
        {
            _records = Descend(fileBlock);
        }

        XfsMapping mapping = _records.Find(fileBlock);
        return _remaps is null ? mapping : XfsRemap.Apply(_remaps, fileBlock, mapping, _volume.Superblock.BlockLog);
    }

    /// <summary>The leaf for a file block. Each step goes one level down, so it ends whatever the pointers say.</summary>
    private XfsExtentList Descend(ulong fileBlock)
    {
        byte[] bytes = _inode.Fork;
        StructReader node = _inode.ForkReader(TreeName, _volume.SourceName);
        int header = RootHeader; // xfs_bmdr_block: level and count only
        int level = node.U16BigEndian(0);
        int count = node.U16BigEndian(2);
        int room = (bytes.Length - header) / (KeyBytes + PointerBytes);
        if (level is 0 or > XfsLimits.MaxTreeLevel)
        {
            node.Corrupt(0, $"inode {_inode.Number}: {level} levels");
        }

        (ulong low, ulong high) = (0, ulong.MaxValue);
        while (true)
        {
            if (count == 0 || count > room)
            {
                node.Corrupt(header == RootHeader ? 2 : 6, $"inode {_inode.Number}: {count} entries where {room} have room");
            }

            if (level == 0)
            {
                return new XfsExtentList(_volume.Superblock, node, bytes, header, count, low, high);
            }

            int child = Choose(node, header, count, fileBlock, ref low, ref high);
            ulong pointer = node.U64BigEndian(header + (room * KeyBytes) + (child * PointerBytes));
            if (!_volume.Superblock.TryBlockOffset(pointer, 1, out long offset))
            {
                node.Corrupt(header + (room * KeyBytes) + (child * PointerBytes), $"inode {_inode.Number}: points to block {pointer}");
            }

            bytes = _volume.ReadMetadata(offset, _volume.Superblock.BlockSize);
            node = new StructReader(TreeBlockName, _volume.SourceName, offset, bytes);
            level--;
            CheckBlock(node, bytes, offset, level);
            header = _volume.Superblock.IsV5 ? BlockHeaderV5 : BlockHeaderV4;
            count = node.U16BigEndian(6);
            room = (bytes.Length - header) / (level == 0 ? XfsExtent.RecordBytes : KeyBytes + PointerBytes);
        }
    }

    /// <summary>The last child whose key is not behind the block (the first where all are); narrows the range to what that child may hold.</summary>
    private int Choose(StructReader node, int header, int count, ulong fileBlock, ref ulong low, ref ulong high)
    {
        int chosen = 0;
        ulong previous = 0;
        ulong newLow = low;
        for (int i = 0; i < count; i++)
        {
            ulong key = node.U64BigEndian(header + (i * KeyBytes));
            if (key < low || key >= high || (i > 0 && key <= previous))
            {
                node.Corrupt(header + (i * KeyBytes), $"inode {_inode.Number}: key {i} ({key}) is out of order");
            }

            if (i > 0 && key > fileBlock)
            {
                high = key;
                break;
            }

            if (i > 0)
            {
                (chosen, newLow) = (i, key);
            }

            previous = key;
        }

        low = newLow;
        return chosen;
    }

    private void CheckBlock(StructReader block, byte[] bytes, long offset, int level)
    {
        uint magic = _volume.Superblock.IsV5 ? MagicV5 : MagicV4;
        if (block.U32BigEndian(0) != magic)
        {
            block.Corrupt(0, $"inode {_inode.Number}: magic is 0x{block.U32BigEndian(0):x8}, not 0x{magic:x8}");
        }

        if (_volume.Superblock.IsV5)
        {
            ulong? owner = _volume.HasChangedOwner(_inode.Number) ? null : _inode.Number;
            XfsSelfDescription.ExtentTree.Check(block, bytes, new XfsPlace(offset, _volume.IsReplayed(offset, bytes.Length)), owner, _volume.Superblock);
        }

        if (block.U16BigEndian(4) != level)
        {
            block.Corrupt(4, $"inode {_inode.Number}: level {block.U16BigEndian(4)} where {level} is due");
        }
    }
}
