using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs.Log;

/// <summary>
/// Puts one subvolume's log into its tree, in the kernel's order (walk_log_tree's stages in fs/btrfs/tree-log.c): inodes with what was deleted from
/// directories, names in directories, then links and contents.
/// </summary>
internal sealed class BtrfsReplay
{
    private readonly BtrfsVolume _volume;
    private readonly BtrfsTree _tree;
    private readonly BtrfsTree _log;
    private readonly BtrfsOverlay _changes;
    private readonly BtrfsNames _names;
    private readonly BtrfsReplayedExtents _extents;

    public BtrfsReplay(BtrfsVolume volume, BtrfsTree tree, BtrfsTree log)
    {
        (_volume, _tree, _log) = (volume, tree, log);
        _changes = tree.Overlay ??= new BtrfsOverlay(volume.SourceName);
        _names = new BtrfsNames(tree, log, _changes);
        _extents = new BtrfsReplayedExtents(tree, _changes, volume.Superblock.SectorSize);
    }

    /// <exception cref="ImageFormatException">The log is corrupt, or without bounds.</exception>
    public void Run()
    {
        Each((item, inode) => ReplayInode(item, inode), BtrfsItemType.InodeItem);
        Each((item, _) => _names.ReplayEntry(item), BtrfsItemType.DirIndex);
        Each((item, _) => _names.ReplayReferences(item), BtrfsItemType.InodeRef, BtrfsItemType.InodeExtref);
        Each((item, _) => _extents.Replay(item), BtrfsItemType.ExtentData);
    }

    /// <summary>Items of some types in the order of their keys, those of inodes without a link left out.</summary>
    private void Each(Action<BtrfsItem, BtrfsInode?> replay, params ReadOnlySpan<BtrfsItemType> types)
    {
        ulong ignored = 0; // no inode has this number
        BtrfsInode? inode = null;
        foreach (BtrfsItem item in BtrfsLog.Items(_log, _volume))
        {
            if (item.Key.ObjectId >= BtrfsObject.ExtentCsum)
            {
                break; // checksums
            }

            if (item.Key.Type == BtrfsItemType.InodeItem)
            {
                inode = BtrfsInode.Read(item);
                ignored = item.Reader(BtrfsInode.StructureName).U32(40) == 0 ? item.Key.ObjectId : ignored; // nlink: a file that has no name any more
            }

            if (item.Key.ObjectId != ignored && types.Contains(item.Key.Type))
            {
                replay(item, inode);
            }
        }
    }

    private void ReplayInode(BtrfsItem item, BtrfsInode? logged)
    {
        if (logged!.Kind == FileKind.Directory)
        {
            _names.ReplayDeletions(logged.Number);
        }

        BtrfsItem? present = _tree.Find(item.Key);
        BtrfsInode inode = logged;
        if (present is not null && item.Reader(BtrfsInode.StructureName).U64(0) == 0)
        {
            // Generation 0: logged only to say that it exists (LOG_INODE_EXISTS); at most its size counts.
            inode = BtrfsInode.Read(present);
            if (inode.Kind == FileKind.File && logged.Kind == FileKind.File && logged.Size != 0)
            {
                byte[] bytes = present.Data.ToArray();
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), logged.Size);
                _changes.Set(present with { Data = bytes });
                inode = inode with { Size = logged.Size };
            }
        }
        else
        {
            _changes.Set(item with { Data = item.Data.ToArray() });
        }

        if (logged.Kind == FileKind.File)
        {
            _extents.Truncate(inode);
        }
    }
}
