using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>The blocks of one directory, checked against their checksums.</summary>
internal sealed class DirectoryBlocks
{
    private const int LeafTailSize = 12; // struct ext4_dir_entry_tail
    private const byte LeafTailType = 0xDE; // det_reserved_ft
    private const int IndexTailSize = 8; // struct dx_tail
    private const int IndexEntrySize = 8; // struct dx_entry

    private readonly ExtVolume _volume;
    private readonly ExtInode _inode;
    private readonly BlockMap _map;

    public DirectoryBlocks(ExtVolume volume, ExtInode inode)
    {
        _volume = volume;
        _inode = inode;
        Structure = $"ext4 directory block of inode {inode.Number}";
        if (inode.Size % volume.BlockSize != 0)
        {
            volume.Corrupt(inode.Structure, $"directory of {inode.Size} bytes, not whole blocks of {volume.BlockSize}");
        }

        if (inode.Size > ExtLimits.MaxDirectoryBytes)
        {
            volume.OverLimit(inode.Structure, $"directory of {inode.Size} bytes, more than {ExtLimits.MaxDirectoryBytes}");
        }

        Count = (int)(inode.Size / volume.BlockSize);
        _map = BlockMap.Of(volume, inode);
    }

    /// <summary>The name of its blocks in messages.</summary>
    public string Structure { get; }

    /// <summary>Blocks that the directory has.</summary>
    public int Count { get; }

    /// <summary>One block through the cache; its bytes are not to be written to.</summary>
    public StructReader Block(long logical)
    {
        BlockRun run = Find(logical);
        byte[] bytes = _volume.MetadataBlock(run.Physical, Structure);
        StructReader block = _volume.Reader(Structure, run.Physical, bytes);
        CheckChecksum(block);
        return block;
    }

    /// <summary>The block from <paramref name="window"/>, which is filled with those behind it where it doesn't hold it yet.</summary>
    public StructReader Block(int logical, ref Window window)
    {
        if (IsSmall)
        {
            return Block(logical);
        }

        if (logical < window.First || logical >= window.First + window.Count)
        {
            BlockRun run = Find(logical);
            int most = Math.Max(1, ExtLimits.DirectoryWindowBytes / _volume.BlockSize);
            int count = (int)Math.Min(Math.Min(run.Count, Count - logical), most);
            int length = count * _volume.BlockSize;
            byte[] bytes = window.Bytes.Length >= length ? window.Bytes : new byte[length];
            _volume.Source.ReadExactly(run.Physical * _volume.BlockSize, bytes.AsSpan(0, length));
            window = new Window(logical, count, run.Physical, bytes);
        }

        int index = logical - window.First;
        StructReader block = _volume.Reader(
            Structure, window.Physical + index, window.Bytes.AsSpan(index * _volume.BlockSize, _volume.BlockSize));
        CheckChecksum(block);
        return block;
    }

    private bool IsSmall => _inode.Size <= ExtLimits.LinearDirectoryBytes;

    private BlockRun Find(long logical)
    {
        if (logical >= Count)
        {
            _volume.Corrupt(Structure, $"block {logical} of {Count}");
        }

        BlockRun run = _map.Find(logical);
        if (run.IsZeros)
        {
            _volume.Corrupt(Structure, $"block {logical} of {Count} is a hole");
        }

        return run;
    }

    private void CheckChecksum(StructReader block)
    {
        if (!_volume.Superblock.HasMetadataChecksums)
        {
            return;
        }

        int countLimit = HashTreeCountOffset(block);
        if (countLimit > 0)
        {
            CheckIndexChecksum(block, countLimit);
            return;
        }

        // directory.rst "Directory leaf block checksum": the tail looks like a free entry.
        int tail = block.Length - LeafTailSize;
        if (block.U32(tail) != 0 || block.U16(tail + 4) != LeafTailSize || block.U8(tail + 6) != 0 || block.U8(tail + 7) != LeafTailType)
        {
            block.Corrupt(tail, "no checksum where it has to be");
        }

        uint computed = Crc32C.Append(_inode.ChecksumSeed, block.Bytes(0, tail));
        if (!StoredChecksum.Matches(block.U32(tail + 8), computed)) // det_checksum
        {
            block.Corrupt(tail + 8, $"checksum is 0x{block.U32(tail + 8):x8}, computed 0x{computed:x8}");
        }
    }

    /// <summary>Where the hash tree's limit and count stand in a block that is one of its nodes; 0 in a leaf.</summary>
    private static int HashTreeCountOffset(StructReader block)
    {
        int first = DirentReader.RecordLength(block.U16(4), block.Length);
        if (first == block.Length && block.U32(0) == 0)
        {
            return HashTree.NodeCountOffset; // one free entry that fills the block: a leaf has its tail there
        }

        bool isRoot = first == 12 && DirentReader.RecordLength(block.U16(12 + 4), block.Length) == block.Length - 12;
        return isRoot ? HashTree.RootInfoOffset + block.U8(HashTree.RootInfoOffset + 5) : 0;
    }

    private void CheckIndexChecksum(StructReader block, int countLimit)
    {
        int limit = block.U16(countLimit);
        int count = block.U16(countLimit + 2);
        int tail = countLimit + (limit * IndexEntrySize);
        if (count > limit || tail + IndexTailSize > block.Length)
        {
            block.Corrupt(countLimit, $"{count} hash tree entries of at most {limit} in {block.Length} bytes");
        }

        uint computed = Crc32C.Append(_inode.ChecksumSeed, block.Bytes(0, countLimit + (count * IndexEntrySize)));
        computed = Crc32C.Append(computed, block.Bytes(tail, sizeof(uint))); // dt_reserved
        computed = ExtChecksum.Crc32COfU32(computed, 0); // dt_checksum as zero
        if (computed != block.U32(tail + 4))
        {
            block.Corrupt(tail + 4, $"hash tree checksum is 0x{block.U32(tail + 4):x8}, computed 0x{computed:x8}");
        }
    }

    /// <summary>Blocks of a directory that were read together.</summary>
    internal readonly record struct Window(int First, int Count, long Physical, byte[] Bytes)
    {
        public static Window Empty => new(0, 0, 0, []);
    }
}
