namespace BlockRbd.GuestDisk.Partitions;

/// <summary>Ceilings for numbers in partition tables.</summary>
internal static class PartitionLimits
{
    /// <summary>Partitions of one disk. Linux: DISK_MAX_PARTS.</summary>
    public const int MaxPartitions = 256;

    /// <summary>Boot records of a chain of logical partitions; empty ones take no partition number.</summary>
    public const int MaxBootRecords = 512;

    /// <summary>Bytes of a GPT's entries; the usual table has 16 KiB.</summary>
    public const int MaxEntryTableBytes = 4 << 20;

    /// <summary>UEFI 2.10, 5.3.2: SizeOfPartitionEntry is 128 x 2^n; more than this is no table that anyone writes.</summary>
    public const int MaxEntryBytes = 4096;

    /// <summary>Sectors of a disk: what the byte offsets of a 64-bit file can hold.</summary>
    public const ulong MaxSectors = long.MaxValue / 4096 / 4;

    /// <summary>Bytes of such a disk.</summary>
    public const long MaxByte = (long)MaxSectors * 512;

    /// <summary>Partitions of a BSD label: NetBSD has 22 at most, OpenBSD 16, FreeBSD 20.</summary>
    public const int MaxBsdPartitions = 64;

    /// <summary>Tables inside each other, behind the disk's own. GRUB: MAX_RECURSION_DEPTH, 32.</summary>
    public const int MaxNesting = 4;
}
