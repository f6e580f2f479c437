namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>Steps through the entries of one directory block, or of a directory's part inside an inode (directory.rst).</summary>
/// <param name="volume">The filesystem.</param>
/// <param name="block">The bytes that hold the entries.</param>
/// <param name="start">First entry.</param>
internal ref struct DirentReader(ExtVolume volume, StructReader block, int start)
{
    private const int HeaderSize = 8;
    private const int SmallestEntry = 12; // EXT4_DIR_REC_LEN(1)

    private readonly StructReader _block = block;
    private int _next = start;

    /// <summary>The entry's inode; 0 where the entry is free.</summary>
    public uint Inode { get; private set; }

    /// <summary>The entry's name.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Whether the entry is in use and neither "." nor "..".</summary>
    public readonly bool IsListed => Inode != 0 && Name is not [(byte)'.'] and not [(byte)'.', (byte)'.'];

    /// <summary>Goes to the next entry, if there is one.</summary>
    public bool MoveNext()
    {
        int at = _next;
        if (at >= _block.Length)
        {
            return false;
        }

        int length = RecordLength(_block.U16(at + 4), _block.Length);
        int nameLength = _block.U8(at + 6); // without filetype the field has 16 bits, but no name more than 255 bytes
        if (length < SmallestEntry || length % 4 != 0 || length > _block.Length - at || nameLength > length - HeaderSize)
        {
            _block.Corrupt(at + 4, $"entry of {length} bytes with a name of {nameLength}, {_block.Length - at} bytes before the end");
        }

        Inode = _block.U32(at);
        Name = _block.Bytes(at + HeaderSize, nameLength);
        _next = at + length;
        if (Inode != 0)
        {
            CheckUsed(at);
        }

        return true;
    }

    /// <summary>rec_len, which is 16 bits wide though a block may have 64 KiB: ext4_rec_len_from_disk().</summary>
    public static int RecordLength(ushort stored, int blockLength)
    {
        if (blockLength < 1 << 16)
        {
            return stored;
        }

        return stored is ushort.MaxValue or 0 ? blockLength : (stored & 0xFFFC) | ((stored & 3) << 16);
    }

    private readonly void CheckUsed(int at)
    {
        if (Inode > volume.Superblock.InodesCount)
        {
            _block.Corrupt(at, $"entry leads to inode {Inode} of {volume.Superblock.InodesCount}");
        }

        if (Name.IsEmpty || Name.IndexOfAny((byte)'/', (byte)0) >= 0)
        {
            _block.Corrupt(at + HeaderSize, $"entry's name is \"{GuestPath.Display(Name)}\"");
        }
    }
}
