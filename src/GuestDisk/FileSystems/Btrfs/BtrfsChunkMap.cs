namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>All chunks, by logical address. None overlaps another.</summary>
internal sealed class BtrfsChunkMap
{
    private readonly List<BtrfsChunk> _chunks = [];

    /// <summary>Adds a chunk; one that is known already, as the system ones are, is left.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="item">Where it was read, for the complaint.</param>
    /// <exception cref="ImageFormatException">It overlaps another, or there are too many.</exception>
    public void Add(BtrfsChunk chunk, StructReader item)
    {
        int index = IndexFrom(chunk.Start);
        if (index < _chunks.Count && _chunks[index].Start == chunk.Start && _chunks[index].Length == chunk.Length)
        {
            return;
        }

        if ((index < _chunks.Count && _chunks[index].Start < chunk.End) || (index > 0 && _chunks[index - 1].End > chunk.Start))
        {
            item.Corrupt(0, $"the chunk at {chunk.Start} overlaps another");
        }

        if (_chunks.Count == BtrfsLimits.MaxChunks)
        {
            item.OverLimit(0, $"more than {BtrfsLimits.MaxChunks} chunks");
        }

        _chunks.Insert(index, chunk);
    }

    /// <summary>The chunk around a logical address, or null.</summary>
    public BtrfsChunk? Find(ulong address)
    {
        int index = IndexFrom(address);
        BtrfsChunk? chunk = index < _chunks.Count && _chunks[index].Start == address ? _chunks[index] : index > 0 ? _chunks[index - 1] : null;
        return chunk is not null && address < chunk.End ? chunk : null;
    }

    /// <summary>Index of the first chunk that begins at the address or behind it.</summary>
    private int IndexFrom(ulong address)
    {
        (int low, int high) = (0, _chunks.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_chunks[middle].Start < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
