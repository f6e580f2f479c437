namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>
/// A file's or directory's clusters, in order. The chain is walked once to its end, so that one which runs in a circle, into a free cluster
/// or out of the volume is found before a byte of it is used; then a cluster in every <see cref="FatLimits.ClustersPerMark"/> is remembered.
/// </summary>
internal sealed class FatChain
{
    private readonly FatClusters _volume;
    private readonly List<uint> _marks = [];
    private (long Index, uint Cluster) _last;

    /// <param name="volume">The volume.</param>
    /// <param name="what">Whose chain it is, for messages.</param>
    /// <param name="first">Its first cluster.</param>
    /// <param name="maxBytes">The largest that a thing of its kind can be.</param>
    /// <exception cref="ImageFormatException">It doesn't end, or leads elsewhere.</exception>
    public FatChain(FatClusters volume, string what, uint first, long maxBytes)
    {
        _volume = volume;
        if (!volume.HasCluster(first))
        {
            volume.Corrupt(what, $"begins with cluster {first}; the volume has {volume.ClusterCount}");
        }

        long most = Math.Min(volume.ClusterCount, ((maxBytes - 1) / volume.ClusterBytes) + 2);
        _last = (0, first);
        for (uint? cluster = first; cluster is uint current; cluster = volume.Table.Next(current))
        {
            if (Count == most)
            {
                volume.Corrupt(what, $"more than {most} clusters: they run in a circle, or on into another file's");
            }

            if (Count % FatLimits.ClustersPerMark == 0)
            {
                _marks.Add(current);
            }

            Count++;
        }
    }

    /// <summary>Clusters.</summary>
    public long Count { get; }

    /// <summary>The cluster of an index below <see cref="Count"/>, and how many, up to <paramref name="wanted"/>, stand side by side from there.</summary>
    public (uint Cluster, long Run) Find(long index, long wanted)
    {
        long mark = index - (index % FatLimits.ClustersPerMark);
        (long at, uint cluster) = _last.Index <= index && _last.Index >= mark ? _last : (mark, _marks[(int)(mark / FatLimits.ClustersPerMark)]);
        while (at < index)
        {
            cluster = Next(cluster);
            at++;
        }

        uint first = cluster;
        long run = 1;
        _last = (at, cluster);
        while (run < wanted && index + run < Count)
        {
            cluster = Next(cluster);
            _last = (index + run, cluster);
            if (cluster != first + run)
            {
                break;
            }

            run++;
        }

        return (first, run);
    }

    // The disk may change below us: an end where none was.
    private uint Next(uint cluster) =>
        _volume.Table.Next(cluster) ?? throw new ImageFormatException(ImageFault.Corrupt, $"{_volume.Format} cluster chain", _volume.Source.Name, -1, "changes while it is read");
}
