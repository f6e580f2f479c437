using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>A disk's partition table.</summary>
/// <remarks>
/// What counts as a table is what GRUB and Linux agree on. Sector 0 must end in 55 AA and its four entries must
/// have boot indicators of 00 or 80: so a FAT or NTFS boot sector, which ends in the same two bytes but has text or code there, is
/// none. An entry of type EE anywhere makes the disk GPT's, and the other entries (a hybrid MBR) count for nothing. A
/// table without a partition is a table all the same; whoever looks for filesystems looks at the whole disk as well, as GRUB does
/// (its device iteration goes over hd0, then over hd0's partitions).
/// </remarks>
public sealed class PartitionTable
{
    internal PartitionTable(string scheme, int sectorSize, string diskUuid, IReadOnlyList<Partition> partitions, IReadOnlyList<string> warnings)
    {
        Scheme = scheme;
        SectorSize = sectorSize;
        DiskUuid = diskUuid;
        Partitions = partitions;
        Warnings = warnings;
    }

    /// <summary>GRUB's name: "msdos" or "gpt"; "bsd", "sun" or "sunpc" where that is all there is.</summary>
    public string Scheme { get; }

    /// <summary>Bytes of the sectors that it counts in; a GPT may have another than its source claims, when it was copied.</summary>
    public int SectorSize { get; }

    /// <summary>PTUUID: GPT's disk GUID, or the signature of an MBR as eight hexadecimal digits; empty where there is none.</summary>
    public string DiskUuid { get; }

    /// <summary>The partitions, by number, each in front of those inside it. Extended ones are containers and not in it.</summary>
    public IReadOnlyList<Partition> Partitions { get; }

    /// <summary>What is wrong with it though it can be used.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Reads a disk's table.</summary>
    /// <returns>The table, or null where there is none.</returns>
    /// <exception cref="ImageFormatException">There is one, but it can't be used.</exception>
    /// <exception cref="SourceReadException">The disk can't be read.</exception>
    public static PartitionTable? Read(BlockSource disk)
    {
        return disk.Length < MasterBootRecord.Bytes ? null : NestedTables.AddTo(disk, ReadOwn(disk));
    }

    /// <summary>The GPT or MBR of a disk, without what is inside its partitions; null where there is neither.</summary>
    internal static PartitionTable? ReadOwn(BlockSource disk)
    {
        MasterBootRecord? mbr = disk.Length < MasterBootRecord.Bytes ? null : MasterBootRecord.TryRead(disk);
        return mbr switch
        {
            { IsProtective: true } => GuidPartitionTable.Read(disk, mbr),
            not null => MsdosPartitions.Read(disk, disk.SectorSize, mbr),
            _ => null,
        };
    }

    /// <summary>
    /// The same MBR with sectors of the other size: a disk of 4096-byte sectors that was copied into a file has lost that size, and
    /// unlike a GPT an MBR does not show it. To be asked only where nothing was found with the source's own.
    /// </summary>
    /// <param name="disk">The disk.</param>
    /// <param name="table">What <see cref="Read"/> gave.</param>
    /// <returns>The table, or null where <paramref name="table"/> is none of an MBR or the other size leads out of the disk.</returns>
    public static PartitionTable? ReadWithOtherSectorSize(BlockSource disk, PartitionTable table)
    {
        if (table.Scheme != "msdos" || table.Partitions.Count == 0 || MasterBootRecord.TryRead(disk) is not { } mbr)
        {
            return null;
        }

        PartitionTable other = MsdosPartitions.Read(disk, table.SectorSize == 512 ? 4096 : 512, mbr);
        string warning = $"MBR: counts in sectors of {other.SectorSize} bytes, unlike this disk's {disk.SectorSize}: a copy of a disk of the other kind?";
        return other.Partitions.All(partition => partition.Length <= disk.Length - partition.Start)
            ? new PartitionTable(other.Scheme, other.SectorSize, other.DiskUuid, other.Partitions, [warning, .. other.Warnings])
            : null;
    }

    /// <summary>
    /// A GPT on a disk whose first sector is gone: Linux and GRUB want a protective MBR before they look, partitioning tools don't.
    /// To be asked only where nothing else is on the disk, since an old backup may still stand at the end of one that is used otherwise.
    /// </summary>
    /// <returns>The table, or null where there is none or the disk has an MBR.</returns>
    public static PartitionTable? FindWithoutMbr(BlockSource disk) =>
        disk.Length < MasterBootRecord.Bytes || MasterBootRecord.TryRead(disk) is not null ? null : GuidPartitionTable.TryFind(disk);
}
