namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>
/// Says whether the log holds changes that the filesystem has not seen: whether its last record is anything but the mark of a clean
/// unmount. Records are only followed, not applied.
/// </summary>
internal sealed class XfsLog
{
    private const string Dirty = "the log holds changes that are not applied: what is read is the last checkpoint";
    private const string External = "the log is on another device: whether it holds changes that are not applied can't be told";
    private const byte UnmountFlag = 0x20; // XLOG_UNMOUNT_TRANS
    private const int FlagsOffset = 9;     // xlog_op_header: tid, len, clientid, flags

    private readonly XfsVolume _volume;
    private readonly XfsLogDevice _device;

    private XfsLog(XfsVolume volume)
    {
        _volume = volume;
        _device = new XfsLogDevice(volume);
    }

    /// <summary>What is to be said of the filesystem's log; null where it was cleanly unmounted.</summary>
    public static string? Warning(XfsVolume volume)
    {
        if (volume.Superblock.LogStart == 0)
        {
            return External;
        }

        try
        {
            return new XfsLog(volume).IsClean() switch { true => null, false => Dirty, null => Unreadable("no record found where its end should be") };
        }
        catch (ImageFormatException e)
        {
            return Unreadable(e.Message);
        }

        static string Unreadable(string why) => $"the log can't be read, so whether it holds changes that are not applied can't be told: {why}";
    }

    /// <summary>Whether the last record says that the filesystem was unmounted; null where there is no last record.</summary>
    private bool? IsClean()
    {
        // The superblock is written last of all before an unmount, and says where in the log that was logged: the end is near.
        // A filesystem that has never been mounted has its one record at the beginning.
        ulong lsn = _volume.Superblock.Lsn;
        uint start = (uint)(lsn & uint.MaxValue);
        if (_device.Blocks == 0)
        {
            return null;
        }

        if (start < _device.Blocks && RecordAt(start) is XfsLogRecord known && (lsn == 0 || known.Cycle == (uint)(lsn >> 32))
            && WalkToLast(known, XfsLimits.MaxLogRecordsAfterSuperblock) is XfsLogRecord last)
        {
            return IsUnmount(last);
        }

        uint firstCycle = _device.Cycle(0);
        if (firstCycle == 0)
        {
            return true; // xlog_find_zeroed: a log of zeros has nothing to apply
        }

        XfsLogRecord? before = RecordBefore(FindHead(firstCycle));
        return before is XfsLogRecord record ? IsUnmount(WalkToLast(record, XfsLimits.MaxLogRecordsWalked) ?? record) : null;
    }

    private XfsLogRecord? RecordAt(uint block) => XfsLogRecord.TryParse(_device.Block(block), block, _volume.Superblock.Uuid);

    /// <summary>Follows records from one to the next as long as each continues the last one's sequence number; null where they are too many.</summary>
    private XfsLogRecord? WalkToLast(XfsLogRecord record, int limit)
    {
        for (int steps = 0; steps < limit; steps++)
        {
            uint next = record.Block + (uint)record.Blocks;
            uint cycle = record.Cycle;
            if (next >= _device.Blocks)
            {
                next -= _device.Blocks;
                cycle = unchecked(cycle + 1);
            }

            if (next >= _device.Blocks || RecordAt(next) is not XfsLogRecord following || following.Cycle != cycle || following.BodyBytes == 0)
            {
                return record;
            }

            record = following;
        }

        return null;
    }

    /// <summary>The block that would be written next (xlog_find_head): the first one of the last round.</summary>
    private uint FindHead(uint firstCycle)
    {
        uint lastCycle = _device.Cycle(_device.Blocks - 1);
        if (lastCycle == firstCycle)
        {
            return _device.Blocks;
        }

        uint first = 0; // written in this round
        uint end = _device.Blocks - 1; // in the one before
        while (end - first > 1)
        {
            uint middle = first + ((end - first) / 2);
            if (_device.Cycle(middle) == lastCycle)
            {
                end = middle;
            }
            else
            {
                first = middle;
            }
        }

        return end;
    }

    /// <summary>The last record that begins before a block, no farther than a record is long.</summary>
    private XfsLogRecord? RecordBefore(uint head)
    {
        uint longest = (XfsLimits.MaxLogRecordBytes >> XfsLogDevice.BlockLog) + 8;
        for (uint back = 1; back <= longest && back <= _device.Blocks; back++)
        {
            uint block = (uint)((head + (long)_device.Blocks - back) % _device.Blocks); // around the ring's end
            if (RecordAt(block) is { BodyBytes: > 0 } record)
            {
                return record;
            }
        }

        return null;
    }

    private bool IsUnmount(XfsLogRecord record)
    {
        if (record.Operations != 1)
        {
            return false;
        }

        byte[] bytes = _device.Read(record.Block, (int)Math.Min(record.Blocks, _device.Blocks));
        int body = record.HeaderBlocks << XfsLogDevice.BlockLog;
        return bytes.Length >= body + record.BodyBytes
            && (bytes[body + FlagsOffset] & UnmountFlag) != 0
            && (record.Crc == 0 || HasGoodCrc(record, bytes, XfsLogRecord.HeaderBytes) || HasGoodCrc(record, bytes, XfsLogRecord.HeaderBytes - 4));
    }

    /// <summary>xlog_cksum: the header without its padding to a block, the further headers likewise, then the body.</summary>
    private static bool HasGoodCrc(XfsLogRecord record, byte[] bytes, int headerBytes)
    {
        byte[] header = bytes[..headerBytes];
        header.AsSpan(XfsLogRecord.CrcOffset, sizeof(uint)).Clear();
        uint crc = Crc32C.Append(uint.MaxValue, header);
        for (int i = 1; i < record.HeaderBlocks; i++)
        {
            crc = Crc32C.Append(crc, bytes.AsSpan(i << XfsLogDevice.BlockLog, XfsLogRecord.ExtendedHeaderBytes));
        }

        return ~Crc32C.Append(crc, bytes.AsSpan(record.HeaderBlocks << XfsLogDevice.BlockLog, record.BodyBytes)) == record.Crc;
    }
}
