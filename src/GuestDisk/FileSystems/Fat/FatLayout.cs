namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>Where a volume's table and clusters are.</summary>
internal sealed record FatLayout
{
    /// <summary>The number of the first one.</summary>
    public const int FirstCluster = 2;

    /// <summary>The format's name, which messages begin with.</summary>
    public required string Format { get; init; }

    public required FatEntries Entries { get; init; }

    /// <summary>Bytes of a cluster.</summary>
    public required int ClusterBytes { get; init; }

    /// <summary>First byte of the table in use.</summary>
    public required long TableStart { get; init; }

    /// <summary>First byte of cluster 2.</summary>
    public required long DataStart { get; init; }

    /// <summary>Clusters; they are numbered from <see cref="FirstCluster"/>.</summary>
    public required uint ClusterCount { get; init; }

    /// <summary>The largest file that the format can have.</summary>
    public required long MaxFileBytes { get; init; }

    /// <summary>Whether the volume has a cluster of this number.</summary>
    public bool HasCluster(uint cluster) => cluster >= FirstCluster && cluster - FirstCluster < ClusterCount;
}
