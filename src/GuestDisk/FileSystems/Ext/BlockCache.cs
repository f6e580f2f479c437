using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>Metadata blocks by their number, the least recently used one dropped first. File contents never pass through it.</summary>
internal sealed class BlockCache(BlockSource source, int blockSize)
{
    private readonly int _capacity = Math.Max(ExtLimits.MinCachedBlocks, ExtLimits.MaxCacheBytes / blockSize);
    private readonly Dictionary<long, LinkedListNode<Entry>> _byNumber = [];
    private readonly LinkedList<Entry> _byUse = [];

    /// <summary>The block's bytes, shared with the cache: not to be written to.</summary>
    public byte[] Get(long number)
    {
        if (_byNumber.TryGetValue(number, out LinkedListNode<Entry>? known))
        {
            _byUse.Remove(known);
            _byUse.AddFirst(known);
            return known.Value.Bytes;
        }

        byte[] bytes = source.ReadExactly(number * blockSize, blockSize);
        if (_byNumber.Count >= _capacity)
        {
            _byNumber.Remove(_byUse.Last!.Value.Number);
            _byUse.RemoveLast();
        }

        _byNumber.Add(number, _byUse.AddFirst(new Entry(number, bytes)));
        return bytes;
    }

    private readonly record struct Entry(long Number, byte[] Bytes);
}
