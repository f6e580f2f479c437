using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs.Log;

/// <summary>Contents of files in the log: each extent takes the place of what is in its range (replay_one_extent).</summary>
internal sealed class BtrfsReplayedExtents(BtrfsTree tree, BtrfsOverlay changes, int sectorSize)
{
    /// <summary>Drops what is behind a file's end: extents that the log has there follow.</summary>
    public void Truncate(BtrfsInode inode) => Drop(inode.Number, RoundUp(inode.Size), long.MaxValue);

    /// <exception cref="ImageFormatException">The item is corrupt.</exception>
    public void Replay(BtrfsItem item)
    {
        BtrfsExtent extent = BtrfsExtent.Read(item);
        Drop(item.Key.ObjectId, extent.Start, extent.Kind == BtrfsExtentKind.Inline ? RoundUp(extent.End) : extent.End);
        changes.Set(item with { Data = item.Data.ToArray() });
    }

    /// <summary>Takes a range out of a file: extents that reach into it are cut (btrfs_drop_extents).</summary>
    private void Drop(ulong inode, long start, long end)
    {
        if (start >= end)
        {
            return;
        }

        BtrfsKey key = new(inode, BtrfsItemType.ExtentData, (ulong)start);
        ulong from = tree.LastUpTo(key) is { } first && first.Key.ObjectId == inode && first.Key.Type == key.Type ? first.Key.Offset : key.Offset;
        foreach (BtrfsItem item in tree.Of(inode, BtrfsItemType.ExtentData, from).TakeWhile(item => item.Key.Offset < (ulong)end).ToArray())
        {
            BtrfsExtent extent = BtrfsExtent.Read(item);
            if (extent.End <= start)
            {
                continue;
            }

            changes.Delete(item.Key);
            if (extent.Kind == BtrfsExtentKind.Inline)
            {
                continue; // never longer than a sector: the range has all of it
            }

            if (extent.Start < start)
            {
                changes.Set(Cut(extent, extent.Start, start));
            }

            if (extent.End > end)
            {
                changes.Set(Cut(extent, end, extent.End));
            }
        }
    }

    private static BtrfsItem Cut(BtrfsExtent extent, long start, long end)
    {
        byte[] bytes = extent.Item.Data.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(37), extent.Offset + (start - extent.Start)); // offset
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(45), end - start);                           // num_bytes
        return extent.Item with { Key = extent.Item.Key with { Offset = (ulong)start }, Data = bytes };
    }

    private long RoundUp(long bytes) => bytes > long.MaxValue - sectorSize ? long.MaxValue : (bytes + sectorSize - 1) / sectorSize * sectorSize;
}
