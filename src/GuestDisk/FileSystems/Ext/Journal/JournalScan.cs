using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Ext.Journal;

/// <summary>
/// Walks through the log from where recovery starts to its end, as Linux' recovery does, and keeps what the complete transactions
/// say: which blocks they copied, and which they revoked.
/// </summary>
internal sealed class JournalScan(ExtVolume volume, JournalFile file)
{
    private const uint DescriptorBlock = 1; // h_blocktype
    private const uint CommitBlock = 2;
    private const uint RevokeBlock = 5;
    private const int TailSize = 4; // struct jbd2_journal_block_tail
    private const int CommitChecksumOffset = 16; // h_chksum[0]
    private const int CommitHeaderSize = 64; // struct commit_header
    private const byte Crc32 = 1; // h_chksum_type: JBD2_CRC32_CHKSUM
    private const byte Crc32Size = 4; // h_chksum_size

    private readonly JournalSuperblock _superblock = file.Superblock;
    private readonly List<(ulong Block, uint Sequence)> _pendingRevocations = [];
    private int _pendingCopies;
    private bool _isSuspicious; // a block's checksum was wrong: damage, or left over from an earlier use of the journal
    private ulong _lastCommitTime;
    private uint _crc = uint.MaxValue;

    /// <summary>Copies in the order of the log; a later one of the same block replaces an earlier one.</summary>
    public List<JournalCopy> Copies { get; } = [];

    /// <summary>For each revoked block the last transaction that did so: copies of it and of earlier ones don't count.</summary>
    public Dictionary<ulong, uint> Revocations { get; } = [];

    /// <summary>Complete transactions.</summary>
    public int Transactions { get; private set; }

    /// <summary>The transaction that isn't there any more.</summary>
    public uint EndSequence { get; private set; }

    /// <summary>Why the log ended before its time, or null.</summary>
    public string? Damage { get; private set; }

    public void Run()
    {
        EndSequence = _superblock.Sequence;
        long at = _superblock.Start;
        long left = _superblock.Length; // a log can't be longer than its journal, whatever its blocks say
        while (left-- > 0)
        {
            StructReader block = file.Block(at);
            if (block.U32BigEndian(0) != JournalSuperblock.Magic || block.U32BigEndian(8) != EndSequence)
            {
                break;
            }

            at = After(at, 1);
            uint type = block.U32BigEndian(4);
            if (type == DescriptorBlock)
            {
                int count = ReadDescriptor(block, at);
                at = After(at, count);
                left -= count;
            }
            else if (type == RevokeBlock)
            {
                ReadRevocations(block);
            }
            else if (type != CommitBlock || !Commit(block))
            {
                break;
            }
        }

        if (left < -1)
        {
            volume.Corrupt("ext4 journal", $"transaction {EndSequence} is longer than the journal");
        }

        // What follows the last commit block never happened.
        Copies.RemoveRange(Copies.Count - _pendingCopies, _pendingCopies);
    }

    /// <summary>Whether a copy was revoked by its own or a later transaction.</summary>
    public bool IsRevoked(in JournalCopy copy) =>
        Revocations.TryGetValue(copy.Block, out uint sequence) && !IsLater(copy.Sequence, sequence);

    // Sequence numbers wrap around: tid_gt().
    private static bool IsLater(uint one, uint other) => unchecked((int)(one - other)) > 0;

    private long After(long at, int count)
    {
        long next = at + count;
        return next < _superblock.End ? next : _superblock.First + ((next - _superblock.End) % (_superblock.End - _superblock.First));
    }

    private int ReadDescriptor(StructReader block, long firstCopy)
    {
        _isSuspicious |= !HasGoodTail(block);
        if (_superblock.HasCommitChecksum)
        {
            _crc = ExtChecksum.Crc32BigEndian(_crc, block.Bytes(0, block.Length));
        }

        int count = 0;
        JournalTags tags = new(_superblock, block);
        while (tags.MoveNext())
        {
            Copies.Add(new JournalCopy(tags.Block, After(firstCopy, count), EndSequence, tags.Checksum, tags.IsEscaped));
            _pendingCopies++;
            count++;
        }

        if (Copies.Count > ExtLimits.MaxReplayedBlocks)
        {
            volume.OverLimit("ext4 journal", $"more than {ExtLimits.MaxReplayedBlocks} blocks to replay");
        }

        for (int i = 0; _superblock.HasCommitChecksum && i < count; i++)
        {
            StructReader copy = file.Block(After(firstCopy, i));
            _crc = ExtChecksum.Crc32BigEndian(_crc, copy.Bytes(0, copy.Length));
        }

        return count;
    }

    private void ReadRevocations(StructReader block)
    {
        if (!HasGoodTail(block))
        {
            _isSuspicious = true;
            return;
        }

        uint end = block.U32BigEndian(12); // r_count: bytes in use, this header included
        if (end > block.Length - (_superblock.HasBlockChecksums ? TailSize : 0))
        {
            block.Corrupt(12, $"{end} bytes of revocations in a block of {block.Length}");
        }

        int size = _superblock.Has64Bit ? sizeof(ulong) : sizeof(uint);
        for (int at = 16; at + size <= end; at += size)
        {
            _pendingRevocations.Add((_superblock.Has64Bit ? block.U64BigEndian(at) : block.U32BigEndian(at), EndSequence));
        }

        if (Revocations.Count + _pendingRevocations.Count > ExtLimits.MaxRevocations)
        {
            block.OverLimit(12, $"more than {ExtLimits.MaxRevocations} revocations");
        }
    }

    /// <summary>Takes the transaction over, if its commit block is in order.</summary>
    private bool Commit(StructReader block)
    {
        ulong time = block.U64BigEndian(48); // h_commit_sec
        if (_isSuspicious || !HasGoodCommit(block))
        {
            // Linux tells damage from blocks of an earlier use of the journal by the time of their commit.
            if (time < _lastCommitTime)
            {
                return false;
            }

            if (_isSuspicious)
            {
                block.Corrupt(0, $"transaction {EndSequence} has a block with a wrong checksum");
            }

            Damage = $"transaction {EndSequence} has a wrong checksum: it and what follows it is left out, as Linux does";
            return false;
        }

        foreach ((ulong revoked, uint sequence) in _pendingRevocations)
        {
            Revocations[revoked] = sequence;
        }

        _pendingRevocations.Clear();
        _pendingCopies = 0;
        _lastCommitTime = time;
        _crc = uint.MaxValue;
        Transactions++;
        EndSequence = unchecked(EndSequence + 1);
        return true;
    }

    private bool HasGoodCommit(StructReader block)
    {
        uint stored = block.U32BigEndian(CommitChecksumOffset);
        if (_superblock.HasCommitChecksum)
        {
            bool isUnused = block.U8(12) == 0 && block.U8(13) == 0 && stored == 0;
            return isUnused || (block.U8(12) == Crc32 && block.U8(13) == Crc32Size && StoredChecksum.Matches(stored, _crc));
        }

        if (!_superblock.HasBlockChecksums)
        {
            return true;
        }

        ReadOnlySpan<byte> bytes = block.Bytes(0, block.Length);
        if (StoredChecksum.Matches(stored, ExtChecksum.Crc32CWithHole(_superblock.ChecksumSeed, bytes, CommitChecksumOffset, sizeof(uint))))
        {
            return true;
        }

        // A write of the block may have been cut after its first sector; only the header says something, the rest was zeros.
        byte[] header = new byte[block.Length];
        bytes[..CommitHeaderSize].CopyTo(header);
        return StoredChecksum.Matches(stored, ExtChecksum.Crc32CWithHole(_superblock.ChecksumSeed, header, CommitChecksumOffset, sizeof(uint)));
    }

    private bool HasGoodTail(StructReader block)
    {
        if (!_superblock.HasBlockChecksums)
        {
            return true;
        }

        int tail = block.Length - TailSize;
        ReadOnlySpan<byte> bytes = block.Bytes(0, block.Length);
        return StoredChecksum.Matches(block.U32BigEndian(tail), ExtChecksum.Crc32CWithHole(_superblock.ChecksumSeed, bytes, tail, TailSize));
    }
}
