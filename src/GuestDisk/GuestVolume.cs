using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk;

/// <summary>A whole disk, a volume that is put together of several (LVM, MD RAID), or one partition of either, and the filesystem on it, or why there is none.</summary>
public sealed record GuestVolume
{
    /// <summary>Index of its disk, from 0; -1 where it is put together.</summary>
    public required int DiskIndex { get; init; }

    /// <summary>GRUB's name of what it is put together as ("lvm/vg-root", "md/boot"); null for a disk.</summary>
    public string? Assembled { get; init; }

    /// <summary>GRUB's other names of the same: "lvmid/VG-UUID/LV-UUID", "mduuid/UUID", "md0".</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>What it is put together of, for people; empty for a disk.</summary>
    public string About { get; init; } = "";

    /// <summary>The partition; null for the whole disk.</summary>
    public required Partition? Partition { get; init; }

    /// <summary>Its bytes; null where the partition does not lie inside its disk.</summary>
    public required BlockSource? Source { get; init; }

    /// <summary>The filesystem; null where none can be read.</summary>
    public required GuestFileSystem? FileSystem { get; init; }

    /// <summary>Why no filesystem is read here, in one sentence; null where one is.</summary>
    public required string? Unreadable { get; init; }

    /// <summary>
    /// The exception behind <see cref="Unreadable"/> where bytes or the device are at fault (<see cref="ImageFormatException"/>,
    /// <see cref="SourceReadException"/>); null where the volume simply holds something else.
    /// </summary>
    public IOException? Failure { get; init; }

    /// <summary>Whether <see cref="Unreadable"/> names what the volume holds instead.</summary>
    internal bool IsNamed { get; init; }

    /// <summary>What a person should know though reading goes on; the filesystem's own are in it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
