namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>What of the log has to be replayed.</summary>
/// <param name="Tail">The first record's block.</param>
/// <param name="Head">The block behind the last record; <paramref name="Tail"/> where there is nothing to do.</param>
/// <param name="IsTorn">Whether records at the head were left out because they were not wholly written.</param>
internal readonly record struct XfsLogRange(uint Tail, uint Head, bool IsTorn);

/// <summary>Finds the log's ends as the kernel does before recovery (xlog_find_tail): by cycle numbers, then by what the last good record says.</summary>
internal sealed class XfsLogEnds(XfsLogDevice device, XfsSuperblock superblock, XfsLogReader reader)
{
    private const int MaxRecordsInFlight = 8; // XLOG_MAX_ICLOGS
    private const byte UnmountFlag = 0x20;    // XLOG_UNMOUNT_TRANS
    private const int FlagsOffset = 9;        // oh_flags

    /// <exception cref="ImageFormatException">There is no telling, or the log is damaged where that can't come from a crash.</exception>
    public XfsLogRange Find()
    {
        if (device.Cycle(0) == 0)
        {
            return default; // xlog_find_zeroed: a log of zeros has nothing to apply
        }

        uint head = new XfsLogHead(device, superblock).Find();
        XfsLogRecord last = Backwards(head, head, 1) ?? throw Bad(head, "no record before the head");
        if (IsUnmount(last, head))
        {
            return default;
        }

        bool isTorn = false;
        uint tail = TailOf(last);

        // xlog_verify_head: as many records as can be under way at one time may be torn; the log then ends before the first of them.
        if (Backwards(head, tail, MaxRecordsInFlight) is { } first && reader.FirstBad(first.Block, head) is { } torn)
        {
            if (torn.Block == 0 || Backwards(torn.Block, tail, 1) is not { } before)
            {
                throw torn.Damage; // as the kernel, which takes block 0 for none
            }

            (isTorn, head, last) = (true, torn.Block, before);
            tail = TailOf(last);
            if (IsUnmount(last, head) || head == tail)
            {
                return new XfsLogRange(0, 0, isTorn);
            }
        }

        tail = VerifyTail(head, tail, last.Size);
        CheckCycles(last, head);
        return new XfsLogRange(tail, head, isTorn);
    }

    /// <summary>Whether the record before the head is the mark of an unmount: then there is nothing to replay (xlog_check_unmount_rec).</summary>
    public bool IsUnmount(XfsLogRecord record, uint head) =>
        record.Operations == 1 && device.After(record.Block, record.Blocks) == head
        && (device.Block(device.After(record.Block, record.HeaderBlocks))[FlagsOffset] & UnmountFlag) != 0;

    /// <summary>Goes back from a block until so many records were seen, or a block is reached; the last one seen (xlog_rseek_logrec_hdr).</summary>
    private XfsLogRecord? Backwards(uint head, uint tail, int count)
    {
        XfsLogRecord? found = null;
        uint distance = head == tail ? device.Blocks : device.Distance(tail, head);
        for (uint back = 1; back <= distance && count > 0; back++)
        {
            uint block = device.After(head, device.Blocks - back);
            if (device.IsRecord(block))
            {
                found = XfsLogRecord.TryParse(device.Block(block), block);
                count--;
            }
        }

        return found;
    }

    private uint TailOf(XfsLogRecord record)
    {
        uint tail = XfsLsn.Block(record.TailLsn);
        return tail < device.Blocks ? tail : throw Bad(record.Block, $"the log's tail is said to be block {tail} of {device.Blocks}");
    }

    /// <summary>
    /// Checks all that will be replayed. Where the log was full, writing that was torn may have hit records at the tail that
    /// were no longer needed, though the last good record still names them: the tail moves on then (xlog_verify_tail).
    /// </summary>
    private uint VerifyTail(uint head, uint tail, uint recordBytes)
    {
        tail = Forwards(tail, head, 1) ?? tail;
        while (reader.FirstBad(tail, head) is { } bad)
        {
            if (bad.Block == 0 || device.Distance(head, bad.Block) > (MaxRecordsInFlight * (long)recordBytes) >> XfsLogDevice.BlockLog
                || Forwards(bad.Block, head, 2) is not { } next || next == bad.Block)
            {
                throw bad.Damage;
            }

            tail = next;
        }

        return tail;
    }

    /// <summary>The block of the last of so many records from a block on, no farther than another (xlog_seek_logrec_hdr).</summary>
    private uint? Forwards(uint from, uint to, int count)
    {
        uint? found = null;
        for (uint step = 0; step < device.Distance(from, to) && count > 0; step++)
        {
            uint block = device.After(from, step);
            if (device.IsRecord(block))
            {
                found = block;
                count--;
            }
        }

        return found;
    }

    /// <summary>The tail is in the head's round before it, or in the one before behind it (xlog_clear_stale_blocks).</summary>
    private void CheckCycles(XfsLogRecord last, uint head)
    {
        uint tail = XfsLsn.Block(last.TailLsn);
        uint tailCycle = XfsLsn.Cycle(last.TailLsn);
        uint headCycle = head <= last.Block ? unchecked(last.Cycle + 1) : last.Cycle; // the next write begins a new round
        bool fits = headCycle == tailCycle ? head >= tail : headCycle == unchecked(tailCycle + 1) && head < tail;
        if (!fits)
        {
            throw Bad(last.Block, $"the log's tail is said to be cycle {tailCycle}, block {tail}; its head is cycle {headCycle}, block {head}");
        }
    }

    private ImageFormatException Bad(uint block, string problem) =>
        new(ImageFault.Corrupt, XfsLogRecord.StructureName, device.SourceName, device.Position(block), problem);
}
