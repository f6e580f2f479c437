namespace BlockRbd.GuestDisk.FileSystems.Ext.Journal;

/// <summary>A block of the filesystem that a transaction put into the journal.</summary>
/// <param name="Block">Its number in the filesystem.</param>
/// <param name="JournalBlock">Where its new content stands in the journal.</param>
/// <param name="Sequence">The transaction.</param>
/// <param name="Checksum">t_checksum; 16 bits wide in version 2.</param>
/// <param name="IsEscaped">Its first four bytes were the journal's magic number and were cleared.</param>
internal readonly record struct JournalCopy(ulong Block, long JournalBlock, uint Sequence, uint Checksum, bool IsEscaped);

/// <summary>Steps through the tags of a descriptor block (journal.rst "Descriptor Block").</summary>
internal ref struct JournalTags(JournalSuperblock superblock, StructReader block)
{
    private const int HeaderSize = 12;
    private const int TailSize = 4; // struct jbd2_journal_block_tail, with checksums of versions 2 and 3
    private const int UuidSize = 16;
    private const int Escape = 1; // JBD2_FLAG_ESCAPE
    private const int SameUuid = 2; // JBD2_FLAG_SAME_UUID
    private const int LastTag = 8; // JBD2_FLAG_LAST_TAG

    private readonly StructReader _block = block;
    private readonly int _end = block.Length - (superblock.HasBlockChecksums ? TailSize : 0);
    private int _next = HeaderSize;

    public ulong Block { get; private set; }

    public uint Checksum { get; private set; }

    public bool IsEscaped { get; private set; }

    /// <summary>Goes to the next tag, if there is one.</summary>
    public bool MoveNext()
    {
        if (_next + superblock.TagSize > _end)
        {
            return false;
        }

        int flags = _block.U16BigEndian(_next + 6); // t_flags; the lower half of version 3's 32 bits
        Block = _block.U32BigEndian(_next); // t_blocknr
        if (superblock.Has64Bit)
        {
            Block |= (ulong)_block.U32BigEndian(_next + 8) << 32; // t_blocknr_high
        }

        Checksum = superblock.HasWideTags ? _block.U32BigEndian(_next + 12) : _block.U16BigEndian(_next + 4);
        IsEscaped = (flags & Escape) != 0;
        _next += superblock.TagSize + ((flags & SameUuid) == 0 ? UuidSize : 0);
        if ((flags & LastTag) != 0)
        {
            _next = _block.Length;
        }

        return true;
    }
}
