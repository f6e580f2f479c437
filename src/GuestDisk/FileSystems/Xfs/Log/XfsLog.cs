using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>Recovers a filesystem that was not unmounted, as Linux does when it mounts it, but in memory.</summary>
internal static class XfsLog
{
    public const string StructureName = "XFS log";

    private const string External = "the log is on another device, which is not among the guest's: whether it holds changes that are not applied can't be told";

    /// <summary>The filesystem as it is after recovery; the same volume where there is nothing to do.</summary>
    /// <param name="volume">The filesystem as it is on the disk.</param>
    /// <param name="source">Its device.</param>
    /// <param name="others">Devices that its log may be on.</param>
    /// <param name="warnings">Where to say what was done.</param>
    /// <exception cref="ImageFormatException">The log can't be replayed; Linux would not mount the filesystem.</exception>
    public static XfsVolume Recover(XfsVolume volume, BlockSource source, IReadOnlyList<BlockSource> others, List<string> warnings)
    {
        XfsSuperblock sb = volume.Superblock;
        XfsLogDevice? device = sb.LogStart != 0 ? XfsLogDevice.Inside(source, sb) : XfsLogDevice.Outside(source, sb, others);
        if (device is null)
        {
            warnings.Add(External);
            return volume;
        }

        XfsLogReader reader = new(device, sb);
        XfsLogEnds ends = new(device, sb, reader);
        if (IsCleanByTheSuperblock(device, sb, ends))
        {
            return volume;
        }

        XfsLogRange range = ends.Find();
        if (range.Head == range.Tail)
        {
            return volume;
        }

        if (sb.UnknownLogFeatures != 0)
        {
            throw new ImageFormatException(
                ImageFault.Unsupported, StructureName, device.SourceName, -1,
                $"has to be replayed, and uses features unknown here (sb_features_log_incompat 0x{sb.UnknownLogFeatures:x})");
        }

        XfsLogReplay replay = new(source, device.Source, sb, device, reader);
        replay.Run(range);
        warnings.Add($"{source.Name}: the filesystem was not unmounted; its log was replayed in memory ({replay.Transactions} transactions)");
        if (range.IsTorn)
        {
            warnings.Add($"{source.Name}: the log's last records were not wholly written and are left out, as Linux does");
        }

        return new XfsVolume(source, replay.Changes);
    }

    /// <summary>
    /// Whether a look at a few blocks tells that the filesystem was unmounted. The superblock is written last of all before an unmount, and says where in
    /// the log that was logged: the end is near. A filesystem that has never been mounted has its one record at the beginning.
    /// </summary>
    private static bool IsCleanByTheSuperblock(XfsLogDevice device, XfsSuperblock sb, XfsLogEnds ends)
    {
        uint block = XfsLsn.Block(sb.Lsn);
        uint cycle = XfsLsn.Cycle(sb.Lsn);
        XfsLogRecord? last = null;
        for (int steps = 0; steps < XfsLimits.MaxLogRecordsAfterSuperblock; steps++)
        {
            if (block >= device.Blocks || XfsLogRecord.TryParse(device.Block(block), block) is not { } record || XfsLsn.Block(record.Lsn) != block
                || XfsLsn.Cycle(record.Lsn) != record.Cycle || (record.Cycle != cycle && (last is not null || sb.Lsn != 0)) || record.BodyBytes == 0
                || !record.IsOf(sb))
            {
                return last is not null && ends.IsUnmount(last, device.After(last.Block, last.Blocks));
            }

            last = record;
            block = device.After(block, record.Blocks);
            cycle = block < record.Block ? unchecked(record.Cycle + 1) : record.Cycle;
        }

        return false;
    }
}
