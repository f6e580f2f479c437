namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>
/// Finds the block that would be written next, by the number of the round in which each block was written (xlog_find_head). Several writes may
/// have been under way, and some of them not done: what follows a hole is not part of the log.
/// </summary>
internal sealed class XfsLogHead(XfsLogDevice device, XfsSuperblock superblock)
{
    /// <summary>Blocks of the writes that may be under way (XLOG_TOTAL_REC_SHIFT).</summary>
    private readonly uint _scan = (uint)Math.Min(device.Blocks, 8 * (superblock.HasLogV2 ? XfsLimits.MaxLogRecordBytes : 32 * 1024) >> XfsLogDevice.BlockLog);

    /// <exception cref="ImageFormatException">There is no telling.</exception>
    public uint Find()
    {
        uint firstCycle = device.Cycle(0);
        uint lastCycle = device.Cycle(device.Blocks - 1);
        uint head;
        if (lastCycle == 0)
        {
            // xlog_find_zeroed: not written to its end yet.
            head = FirstOfCycle(0);
            uint start = head - Math.Min(_scan, head);
            return BeforeTorn(start, Find(start, head, 0) ?? head, 0) ?? throw Bad(head);
        }

        (head, uint stop) = firstCycle == lastCycle ? (device.Blocks, unchecked(lastCycle - 1)) : (FirstOfCycle(lastCycle), lastCycle);
        head = BeforeHoles(head, stop);
        head = WholeRecords(head);
        return head == device.Blocks ? 0 : head;
    }

    /// <summary>About the first block of a cycle that the ring ends with (xlog_find_cycle_start).</summary>
    private uint FirstOfCycle(uint cycle)
    {
        uint first = 0;
        uint end = device.Blocks - 1;
        while (end - first > 1)
        {
            uint middle = first + ((end - first) / 2);
            if (device.Cycle(middle) == cycle)
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

    /// <summary>The first block of a cycle between two, or null (xlog_find_verify_cycle).</summary>
    private uint? Find(uint from, uint to, uint cycle)
    {
        for (uint block = from; block < to; block++)
        {
            if (device.Cycle(block) == cycle)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Moves the head back to where a write that was under way left out blocks.</summary>
    private uint BeforeHoles(uint head, uint stop)
    {
        if (head >= _scan)
        {
            return Find(head - _scan, head, stop) ?? head;
        }

        // Around the ring's end: what was not written there has the number of two rounds ago.
        return Find(device.Blocks - (_scan - head), device.Blocks, unchecked(stop - 1)) ?? Find(0, head, stop) ?? head;
    }

    /// <summary>Moves the head back to the begin of a record of which it is in the middle.</summary>
    private uint WholeRecords(uint head)
    {
        uint record = _scan / 8;
        if (head >= record)
        {
            return BeforeTorn(head - record, head, 0) ?? throw Bad(head);
        }

        if (BeforeTorn(0, head, 0) is uint found)
        {
            return found;
        }

        // The last record goes on around the ring's end.
        uint end = BeforeTorn(device.Blocks - Math.Min(record - head, device.Blocks), device.Blocks, head) ?? throw Bad(head);
        return end == device.Blocks ? head : end;
    }

    /// <summary>
    /// The end of the last record before a block, if that is the block; else the record's begin (xlog_find_verify_log_record).
    /// </summary>
    /// <param name="start">No farther back than this.</param>
    /// <param name="last">The block.</param>
    /// <param name="extra">Blocks of the record at the ring's begin.</param>
    /// <returns>Null where the ring's begin was reached without a record.</returns>
    private uint? BeforeTorn(uint start, uint last, uint extra)
    {
        for (uint block = last; block > start;)
        {
            block--;
            if (!device.IsRecord(block))
            {
                continue;
            }

            XfsLogRecord record = XfsLogRecord.TryParse(device.Block(block), block)!;
            if (!record.IsOf(superblock))
            {
                throw new ImageFormatException(
                    ImageFault.Corrupt, XfsLogRecord.StructureName, device.SourceName, device.Position(block), "belongs to another filesystem");
            }

            return last - block + (long)extra == record.Blocks ? last : block;
        }

        return start == 0 ? null : throw Bad(last);
    }

    private ImageFormatException Bad(uint head) =>
        new(ImageFault.Corrupt, XfsLogRecord.StructureName, device.SourceName, device.Position(Math.Min(head, device.Blocks - 1)), "no record before the head");
}
