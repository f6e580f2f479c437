namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>One tree of the filesystem: items by key, with what the log changes over them.</summary>
/// <remarks>
/// Every step of a descent checks that the child has the level, the generation and the first key that its parent says, and none that belongs to
/// its right neighbour. So a walk ends, whatever the pointers say: no block can be met twice.
/// </remarks>
internal sealed class BtrfsTree(BtrfsVolume volume, BtrfsRoot root)
{
    /// <summary>What the log's replay changes; null where nothing.</summary>
    public BtrfsOverlay? Overlay { get; set; }

    /// <summary>The item of a key, or null.</summary>
    /// <exception cref="ImageFormatException">The tree is corrupt.</exception>
    public BtrfsItem? Find(BtrfsKey key) => LastUpTo(key) is { } item && item.Key == key ? item : null;

    /// <summary>The last item up to a key, or null.</summary>
    /// <exception cref="ImageFormatException">The tree is corrupt.</exception>
    public BtrfsItem? LastUpTo(BtrfsKey key)
    {
        if (Overlay is null)
        {
            return LastOnDisk(key);
        }

        BtrfsItem? changed = Overlay.LastUpTo(key);
        BtrfsItem? own = LastOnDisk(key);
        while (own is not null && Overlay.IsDeleted(own.Key))
        {
            own = Before(own.Key) is { } before ? LastOnDisk(before) : null;
        }

        return changed is null || (own is not null && own.Key > changed.Key) ? own : changed;
    }

    /// <summary>All items from a key on.</summary>
    /// <exception cref="ImageFormatException">The tree is corrupt.</exception>
    public IEnumerable<BtrfsItem> From(BtrfsKey key) => Overlay is null ? OnDisk(key) : Overlay.Merge(OnDisk(key), key);

    /// <summary>All items of one object and type, from an offset on.</summary>
    /// <exception cref="ImageFormatException">The tree is corrupt.</exception>
    public IEnumerable<BtrfsItem> Of(ulong objectId, BtrfsItemType type, ulong offset = 0) =>
        From(new BtrfsKey(objectId, type, offset)).TakeWhile(item => item.Key.ObjectId == objectId && item.Key.Type == type);

    private static BtrfsKey? Before(BtrfsKey key) =>
        key.Offset > 0 ? key with { Offset = key.Offset - 1 }
        : key.Type > 0 ? new BtrfsKey(key.ObjectId, key.Type - 1, ulong.MaxValue)
        : key.ObjectId > 0 ? new BtrfsKey(key.ObjectId - 1, (BtrfsItemType)byte.MaxValue, ulong.MaxValue)
        : null;

    private BtrfsItem? LastOnDisk(BtrfsKey key)
    {
        BtrfsNode leaf = Descend(key, out _);
        int index = leaf.IndexUpTo(key);
        return index < 0 ? null : leaf.Item(index); // only the tree's first leaf can begin behind the key
    }

    private IEnumerable<BtrfsItem> OnDisk(BtrfsKey key)
    {
        BtrfsKey? next = key;
        while (next is { } from)
        {
            BtrfsNode leaf = Descend(from, out next);
            int index = leaf.IndexUpTo(from);
            for (index += index < 0 || leaf.Keys[index] < from ? 1 : 0; index < leaf.Keys.Count; index++)
            {
                yield return leaf.Item(index);
            }
        }
    }

    /// <summary>The leaf in which a key would be.</summary>
    /// <param name="key">The key.</param>
    /// <param name="next">Where the next leaf begins; null for the last one.</param>
    private BtrfsNode Descend(BtrfsKey key, out BtrfsKey? next)
    {
        next = null;
        BtrfsRoot at = root;
        BtrfsNode node = volume.ReadNode(at);
        while (node.Level > 0)
        {
            int index = Math.Max(0, node.IndexUpTo(key));
            next = index + 1 < node.Keys.Count ? node.Keys[index + 1] : next;
            at = node.Child(index);
            BtrfsKey first = node.Keys[index];
            node = volume.ReadNode(at);
            if (node.Keys.Count == 0 || node.Keys[0] != first || (next is { } end && node.Keys[^1] >= end))
            {
                (string device, long offset) = volume.Addresses.Place(at.Address, 0);
                string keys = node.Keys.Count == 0 ? "none" : $"{node.Keys[0]} to {node.Keys[^1]}";
                throw new ImageFormatException(
                    ImageFault.Corrupt, BtrfsNode.StructureName, device, offset, $"(logical address {at.Address}) keys {keys} where those from {first} to {next} are due");
            }
        }

        return node;
    }
}
