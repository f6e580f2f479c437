namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Items of a tree that the log's replay adds, replaces or deletes, in memory.</summary>
internal sealed class BtrfsOverlay(string sourceName)
{
    private static readonly BtrfsKey Last = new(ulong.MaxValue, (BtrfsItemType)byte.MaxValue, ulong.MaxValue);

    private readonly SortedDictionary<BtrfsKey, BtrfsItem?> _items = [];
    private readonly SortedSet<BtrfsKey> _present = [];
    private long _bytes;

    /// <summary>Adds an item, or replaces the one with its key.</summary>
    /// <exception cref="ImageFormatException">More than a log of any sense changes.</exception>
    public void Set(BtrfsItem item)
    {
        _items[item.Key] = item;
        _present.Add(item.Key);
        Count(item.Data.Length);
    }

    /// <summary>Deletes the item of a key, whether there is one or not.</summary>
    /// <exception cref="ImageFormatException">More than a log of any sense changes.</exception>
    public void Delete(BtrfsKey key)
    {
        _items[key] = null;
        _present.Remove(key);
        Count(0);
    }

    public bool IsDeleted(BtrfsKey key) => _items.TryGetValue(key, out BtrfsItem? item) && item is null;

    /// <summary>The last item up to a key that is added or replaced here, or null.</summary>
    public BtrfsItem? LastUpTo(BtrfsKey key)
    {
        if (_present.Count == 0 || _present.Min > key)
        {
            return null;
        }

        return _items[_present.GetViewBetween(_present.Min, key).Max];
    }

    /// <summary>A tree's items from a key on, as they are after the changes. The items may not be changed meanwhile.</summary>
    public IEnumerable<BtrfsItem> Merge(IEnumerable<BtrfsItem> onDisk, BtrfsKey from)
    {
        using SortedSet<BtrfsKey>.Enumerator changes = _present.GetViewBetween(from, Last).GetEnumerator();
        bool more = changes.MoveNext();
        foreach (BtrfsItem item in onDisk)
        {
            for (; more && changes.Current < item.Key; more = changes.MoveNext())
            {
                yield return _items[changes.Current]!;
            }

            if (!_items.ContainsKey(item.Key))
            {
                yield return item;
            }
        }

        for (; more; more = changes.MoveNext())
        {
            yield return _items[changes.Current]!;
        }
    }

    private void Count(int bytes)
    {
        _bytes += bytes;
        if (_items.Count > BtrfsLimits.MaxLogItems || _bytes > BtrfsLimits.MaxLogBytes)
        {
            throw new ImageFormatException(ImageFault.OverLimit, "Btrfs log tree", sourceName, -1, $"its replay changes {_items.Count} items with {_bytes} bytes");
        }
    }
}
