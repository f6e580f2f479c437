using System.Diagnostics.CodeAnalysis;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>A volume's clusters and their table: what FAT and exFAT have in common.</summary>
internal class FatClusters
{
    private readonly FatLayout _layout;

    public FatClusters(BlockSource source, FatLayout layout)
    {
        Source = source;
        _layout = layout;
        Table = new FatTable(source, layout);
    }

    public BlockSource Source { get; }

    public FatTable Table { get; }

    /// <summary>The format's name, which messages begin with.</summary>
    public string Format => _layout.Format;

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterBytes => _layout.ClusterBytes;

    /// <summary>Clusters; they are numbered from <see cref="FatLayout.FirstCluster"/>.</summary>
    public uint ClusterCount => _layout.ClusterCount;

    /// <summary>The largest file that the format can have.</summary>
    public long MaxFileBytes => _layout.MaxFileBytes;

    /// <summary>Whether the volume has a cluster of this number.</summary>
    public bool HasCluster(uint cluster) => _layout.HasCluster(cluster);

    /// <summary>First byte of a cluster that the volume has.</summary>
    public long ClusterOffset(uint cluster) => _layout.DataStart + ((cluster - FatLayout.FirstCluster) * (long)ClusterBytes);

    [DoesNotReturn]
    public void Corrupt(string structure, string problem) =>
        throw new ImageFormatException(ImageFault.Corrupt, structure, Source.Name, -1, problem);
}
