using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>
/// Tables beside a disk's own one, and inside its partitions, as GRUB finds them (grub-core/kern/partition.c and its partition maps): each map is tried on the disk and in
/// every partition that doesn't begin where what it is in begins. What an inner partition has beyond its outer one's end is left out with a warning.
/// </summary>
internal sealed class NestedTables
{
    private const string FreeBsdType = "0xa5";
    private const string OpenBsdType = "0xa6";
    private const string NetBsdType = "0xa9";

    private readonly BlockSource _disk;
    private readonly List<Partition> _all = [];
    private readonly List<string> _warnings;
    private bool _isFull;

    private NestedTables(BlockSource disk, IEnumerable<string> warnings) => (_disk, _warnings) = (disk, [.. warnings]);

    /// <summary>The table with all that is inside it, each partition in front of those that it holds; null where the disk has none at all.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="own">Its GPT or MBR; null where it has neither.</param>
    public static PartitionTable? AddTo(BlockSource disk, PartitionTable? own)
    {
        NestedTables nested = new(disk, own?.Warnings ?? []);
        List<Partition> top = [.. own?.Partitions ?? [], .. nested.Labels(disk, own?.Partitions ?? [], null)];
        if (own is null && top.Count == 0)
        {
            return null;
        }

        foreach (Partition partition in top)
        {
            nested.Add(partition, partition.Start, 0);
        }

        if (nested._isFull)
        {
            nested._warnings.Add($"more than {PartitionLimits.MaxPartitions} partitions, those inside others counted; the rest is left out");
        }

        return new PartitionTable(own?.Scheme ?? top[0].Scheme, own?.SectorSize ?? disk.SectorSize, own?.DiskUuid ?? "", nested._all, nested._warnings);
    }

    private void Add(Partition partition, long startInOuter, int depth)
    {
        if (_all.Count == PartitionLimits.MaxPartitions)
        {
            _isFull = true;
            return;
        }

        _all.Add(partition);
        if (startInOuter == 0 || depth == PartitionLimits.MaxNesting || partition.Start > _disk.Length || partition.Length > _disk.Length - partition.Start)
        {
            return;
        }

        SliceSource inside = new(_disk, partition.Start, partition.Length, $"{_disk.Name} partition {partition.GrubName}");
        foreach (Partition inner in ReadInside(inside, partition))
        {
            if (inner.Length > partition.Length - inner.Start)
            {
                _warnings.Add($"({inner.GrubName}): ends behind the partition that it is in; left out");
                continue;
            }

            Add(inner with { Start = partition.Start + inner.Start }, inner.Start, depth + 1);
        }
    }

    /// <summary>The partitions in a partition, counted from its begin.</summary>
    private List<Partition> ReadInside(SliceSource inside, Partition outer)
    {
        try
        {
            // GRUB's msdos.c: "no embedding supported" in one of its own.
            PartitionTable? own = outer.Scheme == "msdos" ? null : PartitionTable.ReadOwn(inside);
            List<Partition> partitions = [.. own?.Partitions ?? []];
            partitions.AddRange(Labels(inside, partitions, outer));
            return [.. partitions.Select(partition => partition with { Parent = partition.Parent is { } between ? between with { Parent = outer } : outer })];
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            _warnings.Add($"({outer.GrubName}): a partition table inside it can't be read: {e.Message}");
            return [];
        }
    }

    /// <summary>What the labels of BSD and Sun say, in a disk or partition with this MBR, if any.</summary>
    private List<Partition> Labels(BlockSource source, IReadOnlyList<Partition> own, Partition? outer)
    {
        List<Partition> found = [];
        bool isFreeBsd = outer is { Scheme: "msdos", Type: FreeBsdType };
        if (isFreeBsd || outer is not { Scheme: "msdos" or "bsd" or "netbsd" or "openbsd" })
        {
            found.AddRange(BsdLabel.Read(source, "bsd", 0, isFreeBsd, _warnings));
        }

        found.AddRange(OfWholeDisk(source, own, NetBsdType, "netbsd"));
        found.AddRange(OfWholeDisk(source, own, OpenBsdType, "openbsd"));
        found.AddRange(SunLabel.ReadSun(source));
        found.AddRange(SunLabel.ReadPc(source));
        return found;
    }

    /// <summary>NetBSD's and OpenBSD's label stands in their partition and describes the whole disk: the first one that has a label counts.</summary>
    private List<Partition> OfWholeDisk(BlockSource source, IReadOnlyList<Partition> own, string type, string scheme)
    {
        foreach (Partition partition in own.Where(partition => partition.Scheme == "msdos" && partition.Type == type))
        {
            List<Partition> found = BsdLabel.Read(source, scheme, partition.Start, isFreeBsd: false, _warnings);
            if (found.Count > 0)
            {
                return [.. found.Select(inner => inner with { Parent = partition })];
            }
        }

        return [];
    }
}
