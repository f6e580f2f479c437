namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>The bytes of a file or directory: a chain of clusters, or one range of the disk.</summary>
internal sealed class FatContent
{
    private readonly FatClusters _volume;
    private readonly FatChain? _chain;
    private readonly long _start;

    private FatContent(FatClusters volume, FatChain? chain, long start, long length) => (_volume, _chain, _start, Length) = (volume, chain, start, length);

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>A file of <paramref name="size"/> bytes.</summary>
    /// <exception cref="ImageFormatException">Its clusters are fewer, or don't end.</exception>
    public static FatContent OfFile(FatClusters volume, string what, uint first, long size)
    {
        if (size == 0)
        {
            return new FatContent(volume, null, 0, 0); // its cluster counts for nothing
        }

        FatChain chain = new(volume, what, first, volume.MaxFileBytes);
        if (size > chain.Count * volume.ClusterBytes)
        {
            volume.Corrupt(what, $"{size} bytes in {chain.Count} clusters of {volume.ClusterBytes}");
        }

        return new FatContent(volume, chain, 0, size);
    }

    /// <summary>A directory: as long as its chain is.</summary>
    public static FatContent OfDirectory(FatClusters volume, string what, uint first, long maxBytes)
    {
        FatChain chain = new(volume, what, first, maxBytes);
        return new FatContent(volume, chain, 0, chain.Count * volume.ClusterBytes);
    }

    /// <summary>What lies side by side on the disk: a file of exFAT without a chain, FAT12's and FAT16's root directory.</summary>
    public static FatContent OfRange(FatClusters volume, long start, long length) => new(volume, null, start, length);

    /// <summary>Where on the disk a byte is.</summary>
    public long Locate(long offset)
    {
        if (_chain is null)
        {
            return _start + offset;
        }

        int clusterBytes = _volume.ClusterBytes;
        return _volume.ClusterOffset(_chain.Find(offset / clusterBytes, 1).Cluster) + (offset % clusterBytes);
    }

    /// <summary>Fills the buffer from byte <paramref name="offset"/>, each run of clusters with one read; less only at the end.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        buffer = buffer[..(int)Math.Min(buffer.Length, Math.Max(0, Length - offset))];
        if (_chain is null)
        {
            _volume.Source.ReadExactly(_start + offset, buffer);
            return buffer.Length;
        }

        int clusterBytes = _volume.ClusterBytes;
        for (int done = 0; done < buffer.Length;)
        {
            int inCluster = (int)((offset + done) % clusterBytes);
            int left = buffer.Length - done;
            (uint cluster, long run) = _chain.Find((offset + done) / clusterBytes, ((left + (long)inCluster - 1) / clusterBytes) + 1);
            int length = (int)Math.Min(left, (run * clusterBytes) - inCluster);
            _volume.Source.ReadExactly(_volume.ClusterOffset(cluster) + inCluster, buffer.Slice(done, length));
            done += length;
        }

        return buffer.Length;
    }
}
