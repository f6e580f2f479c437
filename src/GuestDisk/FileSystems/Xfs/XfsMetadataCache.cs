using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>
/// The metadata that was read last, in aligned chunks: neighbours come with one read (a cluster of inodes, the next directory
/// blocks), and a path's inodes and directories are read once. Bounded: <see cref="MaxChunks"/> of <see cref="ChunkBytes"/>.
/// </summary>
internal sealed class XfsMetadataCache(BlockSource source)
{
    private const int ChunkBytes = 16 * 1024;
    private const int MaxChunks = 48;

    /// <summary>Chunks of one read: a directory block of 64 KiB that is not aligned, or what <see cref="Prefetch"/> takes.</summary>
    private const int MaxChunksPerRead = 9;

    private readonly Dictionary<long, Chunk> _chunks = [];
    private long _clock;

    public string SourceName => source.Name;

    public long Length => source.Length;

    /// <summary>A fresh copy of some bytes of metadata; <paramref name="length"/> is at most 64 KiB.</summary>
    /// <exception cref="ImageFormatException">The range is not inside the source.</exception>
    public byte[] Read(long offset, int length)
    {
        byte[] bytes = new byte[length];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>The same into a buffer, of at most 64 KiB.</summary>
    /// <exception cref="ImageFormatException">The range is not inside the source.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        int length = bytes.Length;
        if (offset < 0 || offset > Length || length > Length - offset)
        {
            source.ReadExactly(offset, bytes); // says what is wrong
            return;
        }

        Load(offset, length);
        for (int done = 0; done < length;)
        {
            long at = offset + done;
            Chunk chunk = _chunks[at / ChunkBytes];
            chunk.LastUse = ++_clock;
            int start = (int)(at % ChunkBytes);
            int count = Math.Min(length - done, ChunkBytes - start);
            chunk.Bytes.AsSpan(start, count).CopyTo(bytes[done..]);
            done += count;
        }
    }

    /// <summary>Reads ahead what will be asked for next, as much of it as one read takes.</summary>
    /// <returns>The first byte that it did not read ahead.</returns>
    public long Prefetch(long offset, long length)
    {
        long end = Math.Min(offset + length, Length);
        end = Math.Min(end, ((offset / ChunkBytes) + MaxChunksPerRead) * ChunkBytes);
        if (end > offset)
        {
            Load(offset, (int)(end - offset));
        }

        return end;
    }

    private void Load(long offset, int length)
    {
        long last = (offset + length - 1) / ChunkBytes;
        for (long index = offset / ChunkBytes; index <= last; index++)
        {
            if (_chunks.TryGetValue(index, out Chunk? present))
            {
                present.LastUse = ++_clock; // so that making room for a later one does not take it
                continue;
            }

            int run = 1;
            while (index + run <= last && run < MaxChunksPerRead && !_chunks.ContainsKey(index + run))
            {
                run++;
            }

            Fetch(index, run);
            index += run - 1;
        }
    }

    private void Fetch(long index, int run)
    {
        long start = index * ChunkBytes;
        int length = (int)Math.Min((long)run * ChunkBytes, Length - start);
        byte[] bytes = source.ReadExactly(start, length);
        for (int i = 0; i < run; i++)
        {
            byte[] chunk = run == 1 && length == ChunkBytes ? bytes : Room();
            int count = Math.Min(ChunkBytes, length - (i * ChunkBytes));
            bytes.AsSpan(i * ChunkBytes, count).CopyTo(chunk);
            if (_chunks.Count >= MaxChunks)
            {
                RemoveOldest();
            }

            _chunks.Add(index + i, new Chunk(chunk) { LastUse = ++_clock });
        }
    }

    private byte[] Room() => _chunks.Count >= MaxChunks ? RemoveOldest() : new byte[ChunkBytes];

    private byte[] RemoveOldest()
    {
        long oldest = 0;
        long use = long.MaxValue;
        foreach ((long index, Chunk chunk) in _chunks)
        {
            if (chunk.LastUse < use)
            {
                (oldest, use) = (index, chunk.LastUse);
            }
        }

        _chunks.Remove(oldest, out Chunk? removed);
        return removed!.Bytes;
    }

    private sealed class Chunk(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public long LastUse { get; set; }
    }
}
