namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>What a replay changes: for each piece of 128 bytes, each inode and each file with unfinished work where in the log to look.</summary>
internal sealed class XfsLogChanges(XfsSuperblock superblock, XfsLogBytes log, string sourceName)
{
    /// <summary>XFS_BLF_CHUNK: what one bit of a buffer item's map stands for.</summary>
    public const int ChunkBytes = 128;

    private readonly XfsLogMap<XfsLogPosition> _chunks = new(XfsLimits.MaxLogChunks);
    private readonly XfsLogMap<XfsInodeChange> _inodes = new(XfsLimits.MaxLogInodes);
    private readonly HashSet<ulong> _changedOwners = [];
    private readonly HashSet<ulong> _exchanging = [];
    private readonly Dictionary<ulong, List<XfsRemap>> _remaps = [];

    /// <summary>Bytes of an inode.</summary>
    public int InodeSize => superblock.InodeSize;

    /// <summary>Pieces of metadata and inodes that differ from what is on the disk.</summary>
    public int Count => _chunks.Count + _inodes.Count;

    /// <summary>Replaces a piece of metadata; inodes that stood there are gone.</summary>
    /// <exception cref="ImageFormatException">More than may be.</exception>
    public void SetChunk(long offset, XfsLogPosition position)
    {
        if (!_chunks.Set(offset / ChunkBytes, position))
        {
            throw TooMany($"more than {XfsLimits.MaxLogChunks} pieces of metadata");
        }

        if (_inodes[offset].Exists)
        {
            _inodes.Set(offset, default);
        }
    }

    public XfsInodeChange Inode(long offset) => _inodes[offset];

    /// <exception cref="ImageFormatException">More than may be.</exception>
    public void SetInode(long offset, XfsInodeChange change)
    {
        if (!_inodes.Set(offset, change))
        {
            throw TooMany($"more than {XfsLimits.MaxLogInodes} inodes");
        }
    }

    /// <summary>The tree of an inode's extents was another's: its blocks say so (XFS_ILOG_DOWNER).</summary>
    /// <exception cref="ImageFormatException">More than may be.</exception>
    public void SetChangedOwner(ulong inode)
    {
        _changedOwners.Add(inode);
        CheckFiles();
    }

    /// <summary>An extent that recovery would map or unmap after all that is in the log.</summary>
    /// <exception cref="ImageFormatException">More than may be.</exception>
    public void AddRemap(ulong inode, XfsRemap remap)
    {
        if (!_remaps.TryGetValue(inode, out List<XfsRemap>? remaps))
        {
            _remaps.Add(inode, remaps = []);
        }

        remaps.Add(remap);
        CheckFiles();
        if (remaps.Count > XfsLimits.MaxLogRemaps)
        {
            throw TooMany($"more than {XfsLimits.MaxLogRemaps} extents of inode {inode}");
        }
    }

    /// <summary>An inode whose contents are only half exchanged with another's.</summary>
    /// <exception cref="ImageFormatException">More than may be.</exception>
    public void SetExchanging(ulong inode)
    {
        _exchanging.Add(inode);
        CheckFiles();
    }

    public bool HasChangedOwner(ulong inode) => _changedOwners.Contains(inode);

    public bool IsExchanging(ulong inode) => _exchanging.Contains(inode);

    /// <summary>What is remapped of an inode, in the order in which it is; null where nothing is.</summary>
    public IReadOnlyList<XfsRemap>? Remaps(ulong inode) => _remaps.GetValueOrDefault(inode);

    /// <summary>Whether some of a block's bytes are the log's: its checksum, which the log doesn't have, then says nothing.</summary>
    public bool IsReplayed(long offset, int length)
    {
        for (long at = offset - (offset % ChunkBytes); at < offset + length; at += ChunkBytes)
        {
            if (!_chunks[at / ChunkBytes].IsNone || _inodes[at].Exists)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Replaces what is replaced in bytes read from the disk; inodes are in them whole.</summary>
    public void Apply(long offset, Span<byte> bytes)
    {
        for (long at = offset - (offset % ChunkBytes); at < offset + bytes.Length; at += ChunkBytes)
        {
            XfsLogPosition position = _chunks[at / ChunkBytes];
            if (!position.IsNone)
            {
                int skipped = (int)Math.Max(0, offset - at);
                int start = (int)(at + skipped - offset);
                log.Read(position.Plus(skipped), bytes.Slice(start, Math.Min(ChunkBytes - skipped, bytes.Length - start)));
            }
        }

        if (_inodes.Count == 0)
        {
            return;
        }

        for (long at = (offset + superblock.InodeSize - 1) >> superblock.InodeLog << superblock.InodeLog;
            at + superblock.InodeSize <= offset + bytes.Length;
            at += superblock.InodeSize)
        {
            if (_inodes[at] is { Exists: true } change)
            {
                XfsReplayedInode.Apply(superblock, log, change, superblock.InodeNumber(at), bytes.Slice((int)(at - offset), superblock.InodeSize));
            }
        }
    }

    private void CheckFiles()
    {
        if (_remaps.Count + _exchanging.Count + _changedOwners.Count > XfsLimits.MaxLogFiles)
        {
            throw TooMany($"unfinished work on more than {XfsLimits.MaxLogFiles} files");
        }
    }

    private ImageFormatException TooMany(string what) =>
        new(ImageFault.OverLimit, XfsLog.StructureName, sourceName, -1, $"its replay changes {what}: mount the filesystem once");
}
