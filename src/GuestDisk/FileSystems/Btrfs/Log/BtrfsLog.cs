namespace BlockRbd.GuestDisk.FileSystems.Btrfs.Log;

/// <summary>The log: what was synced since the last commit (fs/btrfs/tree-log.c). A mount after a crash puts it into the trees; here that happens in memory.</summary>
internal static class BtrfsLog
{
    private const string StructureName = "Btrfs log tree";

    /// <summary>Applies the log of every subvolume that has one.</summary>
    /// <returns>How many had one.</returns>
    /// <exception cref="ImageFormatException">The log is corrupt, or without bounds.</exception>
    public static int Apply(BtrfsVolume volume, BtrfsSubvolumes subvolumes, BtrfsDataReader data)
    {
        if (volume.Superblock.LogTree.Address == 0)
        {
            return 0;
        }

        int applied = 0;
        BtrfsTree logs = new(volume, volume.Superblock.LogTree);
        foreach (BtrfsItem item in logs.Of(BtrfsObject.TreeLog, BtrfsItemType.RootItem))
        {
            BtrfsTree log = new(volume, BtrfsSubvolumes.RootOf(item));
            AddChecksums(log, data, volume);
            // A subvolume that was deleted after its files were synced has no tree any more: btrfs_recover_log_trees skips it.
            if (subvolumes.Find(item.Key.Offset) is { } subvolume)
            {
                new BtrfsReplay(volume, subvolume.Tree, log).Run();
                applied++;
            }
        }

        return applied;
    }

    /// <summary>Bounds what is read of a log.</summary>
    /// <exception cref="ImageFormatException">It has more items than any sense.</exception>
    public static IEnumerable<BtrfsItem> Items(BtrfsTree log, BtrfsVolume volume)
    {
        int count = 0;
        foreach (BtrfsItem item in log.From(default))
        {
            if (++count > BtrfsLimits.MaxLogItems)
            {
                throw new ImageFormatException(ImageFault.OverLimit, StructureName, volume.SourceName, -1, $"more than {BtrfsLimits.MaxLogItems} items");
            }

            yield return item;
        }
    }

    private static void AddChecksums(BtrfsTree log, BtrfsDataReader data, BtrfsVolume volume)
    {
        long bytes = 0;
        foreach (BtrfsItem item in log.Of(BtrfsObject.ExtentCsum, BtrfsItemType.ExtentCsum))
        {
            bytes += item.Data.Length + BtrfsKey.Bytes;
            if (bytes > BtrfsLimits.MaxLogBytes)
            {
                throw new ImageFormatException(ImageFault.OverLimit, StructureName, volume.SourceName, -1, $"more than {BtrfsLimits.MaxLogBytes} bytes of checksums");
            }

            // A copy: the item's bytes are a whole tree block's otherwise.
            data.Logged[item.Key.Offset] = item with { Data = item.Data.ToArray() };
        }
    }
}
