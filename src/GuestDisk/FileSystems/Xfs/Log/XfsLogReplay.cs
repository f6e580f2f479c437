using System.Buffers.Binary;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>Goes over the log twice, as the kernel's recovery does: for what was cancelled, then to apply the rest (xlog_do_log_recovery).</summary>
internal sealed class XfsLogReplay
{
    private readonly XfsSuperblock _superblock;
    private readonly XfsLogDevice _device;
    private readonly XfsLogReader _reader;
    private readonly XfsLogItemReader _item;
    private readonly XfsMetadataCache _disk;
    private readonly XfsLogIntents _intents;
    private readonly Dictionary<(long Block, uint Blocks), int> _cancelled = [];

    public XfsLogReplay(BlockSource source, BlockSource logSource, XfsSuperblock superblock, XfsLogDevice device, XfsLogReader reader)
    {
        (_superblock, _device, _reader) = (superblock, device, reader);
        XfsLogBytes bytes = new(logSource, device);
        _item = new XfsLogItemReader(bytes, device.SourceName);
        _disk = new XfsMetadataCache(source);
        Changes = new XfsLogChanges(superblock, bytes, device.SourceName);
        _intents = new XfsLogIntents(superblock, Changes);
    }

    public XfsLogChanges Changes { get; }

    /// <summary>Complete transactions.</summary>
    public int Transactions { get; private set; }

    /// <exception cref="ImageFormatException">The log is corrupt, or says what is not known here, or is without bounds.</exception>
    public void Run(XfsLogRange range)
    {
        Pass(range, CommitFirst);
        Pass(range, CommitSecond);
        _intents.Finish();
        _cancelled.Clear();
    }

    private void Pass(XfsLogRange range, Action<XfsLogTransaction> commit)
    {
        XfsLogAssembler assembler = new(_device, commit);
        uint at = range.Tail;
        for (long left = _device.Distance(range.Tail, range.Head); left > 0;)
        {
            XfsLogRecord record = _reader.Read(at);
            assembler.Add(record, _reader.Body(record));
            at = _device.After(at, record.Blocks);
            left -= record.Blocks;
        }
    }

    private void CommitFirst(XfsLogTransaction transaction)
    {
        for (int i = 0; i < transaction.Items.Count; i++)
        {
            if (transaction.Items[i].Type != XfsLogItemType.Buffer)
            {
                continue;
            }

            _item.Load(transaction, i);
            XfsBufferItem buffer = new(_item.Format, _disk.Length);
            if (buffer.Flags.HasFlag(XfsBufferFlags.Cancel))
            {
                _cancelled[(buffer.Block, buffer.Blocks)] = _cancelled.GetValueOrDefault((buffer.Block, buffer.Blocks)) + 1;
                if (_cancelled.Count > XfsLimits.MaxLogCancelled)
                {
                    _item.Format.OverLimit(0, $"more than {XfsLimits.MaxLogCancelled} buffers are freed");
                }
            }
        }
    }

    /// <summary>Buffers come first, for there may be new inodes in them; what was freed comes last (xlog_recover_reorder_trans).</summary>
    private void CommitSecond(XfsLogTransaction transaction)
    {
        Transactions++;
        for (int i = 0; i < transaction.Items.Count; i++)
        {
            if (transaction.Items[i].Type == XfsLogItemType.Buffer)
            {
                _item.Load(transaction, i);
                ReplayBuffer(transaction.Lsn);
            }
            else if (transaction.Items[i].Type == XfsLogItemType.InodeCreate)
            {
                _item.Load(transaction, i);
                ReplayCreate();
            }
        }

        for (int i = 0; i < transaction.Items.Count; i++)
        {
            XfsLogItemType type = transaction.Items[i].Type;
            if (type is XfsLogItemType.Buffer or XfsLogItemType.InodeCreate)
            {
                continue;
            }

            _item.Load(transaction, i);
            if (type == XfsLogItemType.Inode)
            {
                ReplayInode(transaction.Lsn);
            }
            else
            {
                _intents.Add(type, _item.Format);
            }
        }

        Uncancel(transaction);
    }

    private void Uncancel(XfsLogTransaction transaction)
    {
        for (int i = 0; i < transaction.Items.Count && _cancelled.Count > 0; i++)
        {
            if (transaction.Items[i].Type != XfsLogItemType.Buffer)
            {
                continue;
            }

            _item.Load(transaction, i);
            XfsBufferItem buffer = new(_item.Format, _disk.Length);
            if (!buffer.Flags.HasFlag(XfsBufferFlags.Cancel))
            {
                continue;
            }

            // xlog_put_buffer_cancelled: what comes after the last time that it is freed is replayed again.
            int times = _cancelled.GetValueOrDefault((buffer.Block, buffer.Blocks));
            if (times > 1)
            {
                _cancelled[(buffer.Block, buffer.Blocks)] = times - 1;
            }
            else
            {
                _cancelled.Remove((buffer.Block, buffer.Blocks));
            }
        }
    }

    /// <summary>xlog_recover_buf_commit_pass2.</summary>
    private void ReplayBuffer(ulong lsn)
    {
        XfsBufferItem buffer = new(_item.Format, _disk.Length);
        if ((buffer.Flags & (XfsBufferFlags.Cancel | XfsBufferFlags.NotRead)) != 0 || _cancelled.ContainsKey((buffer.Block, buffer.Blocks)))
        {
            return;
        }

        // What is on the disk may be newer than the item. What the log itself put there is not.
        if (_superblock.IsV5 && !buffer.IsAgain(Changes) && XfsMetadataLsn.Of(_disk, buffer.Offset, buffer.Length, _superblock) is ulong present && present >= lsn)
        {
            return;
        }

        buffer.Replay(_item, Changes);
    }

    /// <summary>xlog_recover_icreate_commit_pass2: a chunk of inodes, of which only this is logged.</summary>
    private void ReplayCreate()
    {
        StructReader format = _item.Format;
        if (format.Length != 28) // xfs_icreate_log: big-endian, but for type and size
        {
            format.Corrupt(2, $"format of {format.Length} bytes");
        }

        (uint group, uint inGroup, uint count, uint inodeSize, uint length) =
            (format.U32BigEndian(4), format.U32BigEndian(8), format.U32BigEndian(12), format.U32BigEndian(16), format.U32BigEndian(20));
        ulong block = ((ulong)group << _superblock.GroupBlockLog) | inGroup;
        if (inGroup >= _superblock.GroupBlocks || inodeSize != _superblock.InodeSize || length > XfsLimits.MaxInodeChunkBlocks
            || !_superblock.TryBlockOffset(block, length, out long start) || count != length << (_superblock.BlockLog - _superblock.InodeLog))
        {
            format.Corrupt(4, $"{count} inodes of {inodeSize} bytes in {length} blocks from block {inGroup} of group {group}");
            return;
        }

        if (IsCancelled(start, (long)length << _superblock.BlockLog))
        {
            return;
        }

        for (uint i = 0; i < count; i++)
        {
            Changes.SetInode(start + ((long)i << _superblock.InodeLog), new XfsInodeChange { IsCreated = true, Generation = format.U32BigEndian(24) });
        }
    }

    /// <summary>Whether a buffer of inodes, of whatever size its clusters have, was freed again.</summary>
    private bool IsCancelled(long start, long length)
    {
        for (int log = XfsLimits.MinBlockLog; log <= XfsLimits.MaxBlockLog && _cancelled.Count > 0; log++)
        {
            for (long at = start; at < start + length; at += 1L << log)
            {
                if (_cancelled.ContainsKey((at >> XfsLogDevice.BlockLog, (1u << log) >> XfsLogDevice.BlockLog)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>xlog_recover_inode_commit_pass2.</summary>
    private void ReplayInode(ulong lsn)
    {
        XfsInodeItem inode = new(_item.Format, _superblock, _disk.Length);
        if (_cancelled.ContainsKey((inode.Block, inode.Blocks)))
        {
            return;
        }

        byte[] core = inode.ReadCore(_item, _superblock);
        if (inode.Fields.HasFlag(XfsInodeFields.DataOwner))
        {
            Changes.SetChangedOwner(inode.Number);
        }

        XfsInodeChange before = Changes.Inode(inode.Offset);
        if (!before.Exists && !IsOlder(inode, core, lsn))
        {
            return;
        }

        Changes.SetInode(inode.Offset, inode.Replay(_item, _superblock, core, before));
    }

    /// <summary>Whether what is on the disk is an inode, and not a newer one than what is logged.</summary>
    private bool IsOlder(XfsInodeItem item, ReadOnlySpan<byte> core, ulong lsn)
    {
        const int MaxFlushIteration = 0xFFFF; // DI_MAX_FLUSH
        byte[] bytes = _disk.Read(item.Offset, _superblock.InodeSize);
        Changes.Apply(item.Offset, bytes);
        StructReader inode = new(XfsInodeCore.StructureName, _disk.SourceName, item.Offset, bytes);
        if (inode.U16BigEndian(0) != XfsInodeCore.Magic)
        {
            inode.Corrupt(0, $"inode {item.Number}: the log changes it, and there is none");
        }

        if (_superblock.IsV5)
        {
            ulong present = inode.U64BigEndian(112); // di_lsn
            return present is 0 or ulong.MaxValue || inode.U8(4) < 3 || present <= lsn;
        }

        // Without LSNs: di_flushiter counts how often it was written, and begins again.
        ushort logged = BinaryPrimitives.ReadUInt16LittleEndian(core[30..]);
        ushort onDisk = inode.U16BigEndian(30);
        return logged >= onDisk || (onDisk == MaxFlushIteration && logged < MaxFlushIteration >> 1);
    }
}
