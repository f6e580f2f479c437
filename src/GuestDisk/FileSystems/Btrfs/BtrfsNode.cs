namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A block of a tree (btrfs_header and what follows), checked: items or pointers in the order of their keys, all inside the block.</summary>
internal sealed class BtrfsNode
{
    public const string StructureName = "Btrfs tree block";

    private const int HeaderBytes = 101;
    private const int PointerBytes = 33; // btrfs_key_ptr
    private const int ItemBytes = 25;    // btrfs_item

    private readonly byte[] _bytes;
    private readonly string _source;
    private readonly long _offset;
    private readonly BtrfsKey[] _keys;

    /// <param name="bytes">The block; its checksum has been found good.</param>
    /// <param name="source">The device that it was read from.</param>
    /// <param name="offset">Where it stands on it.</param>
    /// <exception cref="ImageFormatException">It contradicts itself.</exception>
    public BtrfsNode(byte[] bytes, string source, long offset)
    {
        (_bytes, _source, _offset) = (bytes, source, offset);
        StructReader block = Reader;
        Level = block.U8(100);
        Generation = block.U64(80);
        int each = Level == 0 ? ItemBytes : PointerBytes;
        uint count = block.U32(96); // nritems
        if (Level >= BtrfsLimits.MaxLevels)
        {
            block.Corrupt(100, $"level {Level}");
        }

        if (count > (bytes.Length - HeaderBytes) / each || (count == 0 && Level > 0))
        {
            block.Corrupt(96, $"{count} items in {bytes.Length} bytes at level {Level}");
        }

        _keys = new BtrfsKey[(int)count];
        for (int i = 0; i < _keys.Length; i++)
        {
            int at = HeaderBytes + (i * each);
            _keys[i] = BtrfsKey.Read(block, at);
            if (i > 0 && _keys[i] <= _keys[i - 1])
            {
                block.Corrupt(at, $"key {_keys[i]} after {_keys[i - 1]}");
            }

            if (Level == 0 && !IsInside(block.U32(at + 17), block.U32(at + 21)))
            {
                block.Corrupt(at + 17, $"item {_keys[i]} of {block.U32(at + 21)} bytes at {block.U32(at + 17)}");
            }
        }
    }

    public int Level { get; }

    public ulong Generation { get; }

    public IReadOnlyList<BtrfsKey> Keys => _keys;

    private StructReader Reader => new(StructureName, _source, _offset, _bytes);

    /// <summary>Index of the last key up to <paramref name="key"/>; -1 where all are behind it.</summary>
    public int IndexUpTo(BtrfsKey key)
    {
        int index = Array.BinarySearch(_keys, key);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>What a node of a level above 0 points to: address and generation.</summary>
    public BtrfsRoot Child(int index)
    {
        StructReader block = Reader;
        int at = HeaderBytes + (index * PointerBytes) + BtrfsKey.Bytes;
        return new BtrfsRoot(block.U64(at), Level - 1, block.U64(at + 8));
    }

    /// <summary>A leaf's item.</summary>
    public BtrfsItem Item(int index)
    {
        StructReader block = Reader;
        int at = HeaderBytes + (index * ItemBytes) + BtrfsKey.Bytes;
        int start = HeaderBytes + (int)block.U32(at);
        return new BtrfsItem(_keys[index], _bytes.AsMemory(start, (int)block.U32(at + 4)), _source, _offset + start);
    }

    private bool IsInside(uint offset, uint size)
    {
        uint room = (uint)(_bytes.Length - HeaderBytes);
        return offset <= room && size <= room - offset && offset >= (uint)(_keys.Length * ItemBytes);
    }
}

/// <summary>An item of a tree.</summary>
/// <param name="Key">Where it stands in the tree.</param>
/// <param name="Data">Its bytes.</param>
/// <param name="Source">The device that it was read from.</param>
/// <param name="Offset">Where it stands on it; for one that the log's replay changed, where the item that it was made of stands.</param>
internal sealed record BtrfsItem(BtrfsKey Key, ReadOnlyMemory<byte> Data, string Source, long Offset)
{
    public StructReader Reader(string structure) => new(structure, Source, Offset, Data.Span);
}
