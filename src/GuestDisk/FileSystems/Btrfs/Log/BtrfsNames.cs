using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs.Log;

/// <summary>
/// Names in directories, as the log changes them. A name is in three items, its directory's by index and by hash, and its inode's references; here
/// all three are kept in step, since later steps of the replay go by them.
/// </summary>
internal sealed class BtrfsNames(BtrfsTree tree, BtrfsTree log, BtrfsOverlay changes)
{
    private const int EntryFixedBytes = 30;

    /// <summary>Takes out what is in a range that the log has all of, and not in the log (replay_dir_deletes).</summary>
    /// <exception cref="ImageFormatException">An item is corrupt.</exception>
    public void ReplayDeletions(ulong directory)
    {
        foreach (BtrfsItem range in log.Of(directory, BtrfsItemType.DirLogIndex))
        {
            ulong end = range.Reader("Btrfs directory log").U64(0);
            foreach (BtrfsItem item in tree.Of(directory, BtrfsItemType.DirIndex, range.Key.Offset).TakeWhile(item => item.Key.Offset <= end).ToArray())
            {
                foreach (BtrfsDirEntry entry in BtrfsDirEntry.Read(item))
                {
                    bool isLogged = log.Find(item.Key) is { } logged && BtrfsDirEntry.Read(logged).Exists(other => other.Name.Span.SequenceEqual(entry.Name.Span));
                    if (!isLogged)
                    {
                        Unlink(directory, entry.Name, item.Key.Offset, entry.Location);
                    }
                }
            }
        }
    }

    /// <summary>Puts a directory's entry in (replay_one_name).</summary>
    /// <exception cref="ImageFormatException">An item is corrupt.</exception>
    public void ReplayEntry(BtrfsItem item)
    {
        ulong directory = item.Key.ObjectId;
        foreach (BtrfsDirEntry entry in BtrfsDirEntry.Read(item))
        {
            bool exists = tree.Find(entry.Location) is not null;
            BtrfsDirEntry? byName = FindName(directory, entry.Name.Span);
            if (byName is { } named && named.Location != entry.Location && exists)
            {
                Unlink(directory, entry.Name, IndexOf(directory, entry.Name.Span, named.Location), named.Location);
                byName = null;
            }

            BtrfsDirEntry? byIndex = FindIndex(item.Key);
            if (byIndex is { } indexed && (indexed.Location != entry.Location || !indexed.Name.Span.SequenceEqual(entry.Name.Span)) && exists)
            {
                Unlink(directory, indexed.Name, item.Key.Offset, indexed.Location);
                byIndex = null;
            }

            bool isThere = byName is { } same && same.Location == entry.Location && byIndex is not null;
            bool comesLater = BtrfsReference.Of(log, entry.Location.ObjectId, directory).Any(reference => reference.Is(entry.Name.Span));
            if (!isThere && !comesLater && exists && entry.Location.Type == BtrfsItemType.InodeItem)
            {
                Link(directory, item.Key.Offset, entry.Location.ObjectId, entry.Name, EntryType(item));
            }
        }
    }

    /// <summary>Puts an inode's names in, and takes out those that it has no more (add_inode_ref).</summary>
    /// <exception cref="ImageFormatException">An item is corrupt.</exception>
    public void ReplayReferences(BtrfsItem item)
    {
        ulong inode = item.Key.ObjectId;
        bool isRoot = item.Key.Type == BtrfsItemType.InodeRef && item.Key.Offset == inode; // ".." of a subvolume's root, which is in no directory
        if (isRoot || !Exists(inode))
        {
            return;
        }

        List<BtrfsReference> logged = BtrfsReference.Read(item);
        foreach (BtrfsReference reference in logged)
        {
            if (Exists(reference.Directory))
            {
                Add(reference);
            }
        }

        foreach (ulong directory in logged.Select(reference => reference.Directory).Distinct().ToArray())
        {
            // unlink_old_inode_refs
            foreach (BtrfsReference old in BtrfsReference.Of(tree, inode, directory).ToArray())
            {
                if (!BtrfsReference.Of(log, inode, directory).Any(reference => reference.Is(old.Name.Span)))
                {
                    Unlink(directory, old.Name, old.Index, new BtrfsKey(inode, BtrfsItemType.InodeItem, 0));
                }
            }
        }
    }

    private void Add(BtrfsReference reference)
    {
        BtrfsKey location = new(reference.Inode, BtrfsItemType.InodeItem, 0);
        BtrfsKey index = new(reference.Directory, BtrfsItemType.DirIndex, reference.Index);
        bool isThere = FindIndex(index) is { } present && present.Location == location && present.Name.Span.SequenceEqual(reference.Name.Span)
            && FindName(reference.Directory, reference.Name.Span)?.Location == location;
        if (isThere)
        {
            return;
        }

        // Whatever else is there under this index or this name has to go first (__add_inode_ref).
        if (FindIndex(index) is { } inTheWay)
        {
            Unlink(reference.Directory, inTheWay.Name, reference.Index, inTheWay.Location);
        }

        if (FindName(reference.Directory, reference.Name.Span) is { } namesake)
        {
            Unlink(reference.Directory, reference.Name, IndexOf(reference.Directory, reference.Name.Span, namesake.Location), namesake.Location);
        }

        Link(reference.Directory, reference.Index, reference.Inode, reference.Name, TypeOf(reference.Inode));
    }

    private bool Exists(ulong inode) => tree.Find(new BtrfsKey(inode, BtrfsItemType.InodeItem, 0)) is not null;

    private byte TypeOf(ulong inode) => tree.Find(new BtrfsKey(inode, BtrfsItemType.InodeItem, 0)) is { } item ? (byte)BtrfsInode.Read(item).Kind : (byte)0;

    private static byte EntryType(BtrfsItem item) => item.Reader("Btrfs directory entry").U8(29);

    private BtrfsDirEntry? FindIndex(BtrfsKey key) => tree.Find(key) is { } item && BtrfsDirEntry.Read(item) is [BtrfsDirEntry entry, ..] ? entry : null;

    private BtrfsDirEntry? FindName(ulong directory, ReadOnlySpan<byte> name)
    {
        if (tree.Find(HashKey(directory, name)) is { } item)
        {
            foreach (BtrfsDirEntry entry in BtrfsDirEntry.Read(item))
            {
                if (entry.Name.Span.SequenceEqual(name))
                {
                    return entry;
                }
            }
        }

        return null;
    }

    /// <summary>The index of a name, from its inode's references, or a subvolume's from the directory itself.</summary>
    private ulong? IndexOf(ulong directory, ReadOnlySpan<byte> name, BtrfsKey location)
    {
        if (location.Type == BtrfsItemType.InodeItem)
        {
            foreach (BtrfsReference reference in BtrfsReference.Of(tree, location.ObjectId, directory))
            {
                if (reference.Is(name))
                {
                    return reference.Index;
                }
            }
        }

        foreach (BtrfsItem item in tree.Of(directory, BtrfsItemType.DirIndex))
        {
            if (BtrfsDirEntry.Read(item)[0].Name.Span.SequenceEqual(name))
            {
                return item.Key.Offset;
            }
        }

        return null;
    }

    private void Link(ulong directory, ulong index, ulong inode, ReadOnlyMemory<byte> name, byte type)
    {
        byte[] entry = new byte[EntryFixedBytes + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, inode);
        entry[8] = (byte)BtrfsItemType.InodeItem;
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(27), (ushort)name.Length);
        entry[29] = type;
        name.Span.CopyTo(entry.AsSpan(EntryFixedBytes));
        Set(new BtrfsKey(directory, BtrfsItemType.DirIndex, index), entry);
        BtrfsKey hash = HashKey(directory, name.Span);
        Set(hash, [.. Present(hash), .. entry]);

        BtrfsKey reference = new(inode, BtrfsItemType.InodeRef, directory);
        byte[] added = new byte[10 + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(added, index);
        BinaryPrimitives.WriteUInt16LittleEndian(added.AsSpan(8), (ushort)name.Length);
        name.Span.CopyTo(added.AsSpan(10));
        Set(reference, [.. Present(reference), .. added]); // may be longer than a leaf: nobody but the replay reads it
    }

    private void Unlink(ulong directory, ReadOnlyMemory<byte> name, ulong? index, BtrfsKey location)
    {
        if (index is { } at)
        {
            changes.Delete(new BtrfsKey(directory, BtrfsItemType.DirIndex, at));
        }

        Remove(HashKey(directory, name.Span), EntryFixedBytes, 27, name.Span);
        if (location.Type == BtrfsItemType.InodeItem)
        {
            Remove(new BtrfsKey(location.ObjectId, BtrfsItemType.InodeRef, directory), 10, 8, name.Span);
            foreach (BtrfsItem item in tree.Of(location.ObjectId, BtrfsItemType.InodeExtref).ToArray())
            {
                if (BtrfsReference.Read(item)[0].Directory == directory)
                {
                    Remove(item.Key, 18, 16, name.Span);
                }
            }
        }
    }

    /// <summary>Takes one name's record out of an item of several.</summary>
    private void Remove(BtrfsKey key, int fixedBytes, int lengthAt, ReadOnlySpan<byte> name)
    {
        if (tree.Find(key) is not { } item)
        {
            return;
        }

        StructReader reader = item.Reader("Btrfs names");
        List<byte> kept = [];
        for (int at = 0; at < reader.Length;)
        {
            int length = reader.U16(at + lengthAt);
            int whole = fixedBytes + length + (fixedBytes == EntryFixedBytes ? reader.U16(at + 25) : 0);
            if (!reader.Bytes(at + fixedBytes, length).SequenceEqual(name))
            {
                kept.AddRange(reader.Bytes(at, whole));
            }

            at += whole;
        }

        if (kept.Count == 0)
        {
            changes.Delete(key);
        }
        else if (kept.Count < reader.Length)
        {
            Set(key, [.. kept]);
        }
    }

    private byte[] Present(BtrfsKey key) => tree.Find(key) is { } item ? item.Data.ToArray() : [];

    private void Set(BtrfsKey key, byte[] bytes) => changes.Set(new BtrfsItem(key, bytes, "the log's replay", -1));

    private static BtrfsKey HashKey(ulong directory, ReadOnlySpan<byte> name) => new(directory, BtrfsItemType.DirItem, BtrfsDirEntry.Hash(name));
}
