namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A subvolume or snapshot: a tree of inodes of its own.</summary>
/// <param name="Id">Its tree's number.</param>
/// <param name="Index">Its place among those that the reader has met: part of its inodes' numbers.</param>
/// <param name="Tree">Its items.</param>
/// <param name="RootInode">Its root directory (root_dirid).</param>
internal sealed record BtrfsSubvolume(ulong Id, int Index, BtrfsTree Tree, ulong RootInode);

/// <summary>The subvolumes, found by their number in the tree of trees.</summary>
internal sealed class BtrfsSubvolumes(BtrfsVolume volume)
{
    private const string RootItemName = "Btrfs root item";

    private readonly Dictionary<ulong, BtrfsSubvolume> _known = [];
    private readonly List<BtrfsSubvolume> _all = [];

    /// <summary>The tree of trees.</summary>
    public BtrfsTree RootTree { get; } = new(volume, volume.Superblock.RootTree);

    /// <summary>A subvolume that was met before, by its place.</summary>
    public BtrfsSubvolume? At(int index) => index < _all.Count ? _all[index] : null;

    /// <summary>A tree by its number, or null where there is none.</summary>
    /// <exception cref="ImageFormatException">Its item is corrupt.</exception>
    public BtrfsTree? FindTree(ulong id) => FindRootItem(id) is { } item ? new BtrfsTree(volume, RootOf(item)) : null;

    /// <summary>A subvolume by its number, or null where there is none.</summary>
    /// <exception cref="ImageFormatException">Its item is corrupt.</exception>
    public BtrfsSubvolume? Find(ulong id)
    {
        if (_known.TryGetValue(id, out BtrfsSubvolume? known))
        {
            return known;
        }

        if (FindRootItem(id) is not { } item)
        {
            return null;
        }

        StructReader reader = item.Reader(RootItemName);
        if (_all.Count == BtrfsLimits.MaxSubvolumes)
        {
            reader.OverLimit(0, $"more than {BtrfsLimits.MaxSubvolumes} subvolumes");
        }

        if (reader.U32(216) == 0) // refs
        {
            return null; // deleted, and not yet gone
        }

        BtrfsSubvolume subvolume = new(id, _all.Count, new BtrfsTree(volume, RootOf(item)), reader.U64(168));
        _known.Add(id, subvolume);
        _all.Add(subvolume);
        return subvolume;
    }

    /// <summary>Whether a directory of <paramref name="parent"/> has the subvolume; a snapshot's copy of the entry has not.</summary>
    /// <exception cref="ImageFormatException">The item is corrupt.</exception>
    public bool IsIn(BtrfsSubvolume parent, ulong id, ulong directory, ReadOnlySpan<byte> name)
    {
        if (RootTree.Find(new BtrfsKey(parent.Id, BtrfsItemType.RootRef, id)) is not { } item)
        {
            return false;
        }

        StructReader reference = item.Reader("Btrfs root reference");
        return reference.U64(0) == directory && reference.Bytes(18, reference.U16(16)).SequenceEqual(name);
    }

    /// <summary>The number of the subvolume that is mounted where nobody names one.</summary>
    /// <exception cref="ImageFormatException">The item is corrupt.</exception>
    public ulong DefaultId()
    {
        ReadOnlySpan<byte> name = "default"u8;
        if (RootTree.Find(new BtrfsKey(BtrfsObject.RootTreeDir, BtrfsItemType.DirItem, BtrfsDirEntry.Hash(name))) is { } item)
        {
            foreach (BtrfsDirEntry entry in BtrfsDirEntry.Read(item))
            {
                if (entry.Name.Span.SequenceEqual(name) && entry.IsSubvolume)
                {
                    return entry.Location.ObjectId;
                }
            }
        }

        return BtrfsObject.FsTree;
    }

    /// <summary>A subvolume's path from the top-level one, with a leading slash; empty for the top itself, null where it isn't reachable from there.</summary>
    /// <exception cref="ImageFormatException">A tree is corrupt.</exception>
    public byte[]? PathOf(ulong id)
    {
        List<byte[]> names = [];
        int bytes = 0;
        while (id != BtrfsObject.FsTree)
        {
            if (RootTree.Of(id, BtrfsItemType.RootBackref).FirstOrDefault() is not { } item || Find(item.Key.Offset) is not { } parent)
            {
                return null;
            }

            StructReader reference = item.Reader("Btrfs root back reference");
            names.Add(reference.Bytes(18, reference.U16(16)).ToArray());
            for (ulong directory = reference.U64(0); directory != parent.RootInode;)
            {
                if (parent.Tree.Of(directory, BtrfsItemType.InodeRef).FirstOrDefault() is not { } up)
                {
                    return null;
                }

                StructReader inode = up.Reader("Btrfs inode reference");
                names.Add(inode.Bytes(10, inode.U16(8)).ToArray());
                Count(names[^1]);
                directory = up.Key.Offset;
            }

            Count(names[^1]);
            id = item.Key.Offset;
        }

        names.Reverse();
        return [.. names.SelectMany(name => (byte[])[(byte)'/', .. name])];

        void Count(byte[] name)
        {
            bytes += name.Length + 1;
            if (bytes > BtrfsLimits.MaxSubvolumePathBytes)
            {
                throw new ImageFormatException(
                    ImageFault.OverLimit, RootItemName, volume.SourceName, -1, $"a subvolume's path has more than {BtrfsLimits.MaxSubvolumePathBytes} bytes");
            }
        }
    }

    private BtrfsItem? FindRootItem(ulong id)
    {
        // A snapshot's key has the transaction that made it as its offset; the newest is the one.
        BtrfsItem? item = RootTree.LastUpTo(new BtrfsKey(id, BtrfsItemType.RootItem, ulong.MaxValue));
        return item is not null && item.Key.ObjectId == id && item.Key.Type == BtrfsItemType.RootItem ? item : null;
    }

    /// <summary>Where the tree of a root item begins.</summary>
    /// <exception cref="ImageFormatException">It can't be a tree.</exception>
    public static BtrfsRoot RootOf(BtrfsItem item)
    {
        StructReader reader = item.Reader(RootItemName);
        int level = reader.U8(238);
        if (level >= BtrfsLimits.MaxLevels)
        {
            reader.Corrupt(238, $"tree {item.Key.ObjectId} of level {level}");
        }

        return new BtrfsRoot(reader.U64(176), level, reader.U64(160));
    }
}
