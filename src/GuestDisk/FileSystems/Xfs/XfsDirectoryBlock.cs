namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>A directory block with entries (xfs_dir2_data): magic and self-description checked, entries read on demand.</summary>
internal sealed class XfsDirectoryBlock
{
    private const string StructureName = "XFS directory block";
    private const uint BlockMagicV4 = 0x58443242; // "XD2B": entries and their index in one
    private const uint BlockMagicV5 = 0x58444233; // "XDB3"
    private const uint DataMagicV4 = 0x58443244;  // "XD2D"
    private const uint DataMagicV5 = 0x58444433;  // "XDD3"
    private const int HeaderV4 = 16; // xfs_dir2_data_hdr
    private const int HeaderV5 = 64; // xfs_dir3_data_hdr
    private const int TailBytes = 8; // xfs_dir2_block_tail
    private const int IndexEntryBytes = 8;
    private const int Alignment = 8; // XFS_DIR2_DATA_ALIGN
    private const int EntryFixedBytes = sizeof(ulong) + 1 + sizeof(ushort); // inumber, namelen, tag
    private const ushort FreeTag = 0xFFFF;

    private readonly XfsVolume _volume;
    private readonly byte[] _bytes;
    private readonly long _offset;
    private readonly int _header;
    private readonly int _end;

    /// <param name="volume">The filesystem.</param>
    /// <param name="bytes">The block.</param>
    /// <param name="place">Where its first byte stands.</param>
    /// <param name="owner">The directory's inode.</param>
    /// <exception cref="ImageFormatException">It is no directory block of this directory, or corrupt.</exception>
    public XfsDirectoryBlock(XfsVolume volume, byte[] bytes, XfsPlace place, ulong owner)
    {
        (_volume, _bytes, _offset) = (volume, bytes, place.Offset);
        bool isV5 = volume.Superblock.IsV5;
        _header = isV5 ? HeaderV5 : HeaderV4;
        StructReader block = Reader();
        uint magic = block.U32BigEndian(0);
        HasIndex = magic == (isV5 ? BlockMagicV5 : BlockMagicV4);
        if (!HasIndex && magic != (isV5 ? DataMagicV5 : DataMagicV4))
        {
            block.Corrupt(0, $"inode {owner}: magic is 0x{magic:x8}");
        }

        if (isV5)
        {
            XfsSelfDescription.DirectoryData.Check(block, bytes, place, owner, volume.Superblock);
        }

        _end = HasIndex ? IndexStart(block) : bytes.Length;
    }

    /// <summary>Whether this is a whole directory in one block, its index behind the entries.</summary>
    public bool HasIndex { get; }

    /// <summary>All entries but "." and "..".</summary>
    /// <exception cref="ImageFormatException">An entry is corrupt.</exception>
    public List<DirectoryEntry> Entries()
    {
        List<DirectoryEntry> entries = [];
        StructReader block = Reader();
        for (int at = _header; at < _end;)
        {
            if (block.U16BigEndian(at) == FreeTag)
            {
                at += FreeLength(block, at);
                continue;
            }

            DirectoryEntry entry = ParseEntry(block, at, out int length);
            if (!XfsNames.IsDot(entry.Name.Span))
            {
                entries.Add(entry);
            }

            at += length;
        }

        return entries;
    }

    /// <summary>The entry that an index says begins at a byte of the block.</summary>
    /// <exception cref="ImageFormatException">None does.</exception>
    public DirectoryEntry EntryAt(int at)
    {
        StructReader block = Reader();
        if (at < _header || at >= _end || block.U16BigEndian(at) == FreeTag)
        {
            block.Corrupt(0, $"the directory's index points to byte {at}, where no entry is");
        }

        return ParseEntry(block, at, out _);
    }

    private StructReader Reader() => new(StructureName, _volume.SourceName, _offset, _bytes);

    private int IndexStart(StructReader block)
    {
        int room = _bytes.Length - _header - TailBytes;
        uint count = block.U32BigEndian(_bytes.Length - TailBytes); // xfs_dir2_block_tail: count, stale
        if (count > room / IndexEntryBytes || block.U32BigEndian(_bytes.Length - 4) > count)
        {
            block.Corrupt(_bytes.Length - TailBytes, $"index of {count} entries in {room} bytes");
        }

        return _bytes.Length - TailBytes - ((int)count * IndexEntryBytes);
    }

    private int FreeLength(StructReader block, int at)
    {
        int length = block.U16BigEndian(at + 2); // xfs_dir2_data_unused
        if (length == 0 || length % Alignment != 0 || length > _end - at || block.U16BigEndian(at + length - 2) != at)
        {
            block.Corrupt(at, $"free space of {length} bytes");
        }

        return length;
    }

    private DirectoryEntry ParseEntry(StructReader block, int at, out int length)
    {
        int nameLength = at + EntryFixedBytes <= _end ? block.U8(at + sizeof(ulong)) : 0;
        int used = EntryFixedBytes + nameLength + (_volume.Superblock.HasFileType ? 1 : 0);
        length = (used + Alignment - 1) / Alignment * Alignment;
        if (length > _end - at || block.U16BigEndian(at + length - 2) != at) // the tag is the entry's own place
        {
            block.Corrupt(at, $"entry with a name of {nameLength} bytes");
        }

        ReadOnlyMemory<byte> name = _bytes.AsMemory(at + sizeof(ulong) + 1, nameLength);
        if (!XfsNames.IsValid(name.Span))
        {
            block.Corrupt(at, "entry without a valid name");
        }

        return new DirectoryEntry(name, block.U64BigEndian(at));
    }
}
