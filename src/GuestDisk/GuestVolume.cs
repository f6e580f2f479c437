using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk;

/// <summary>A whole disk or one partition of it, and the filesystem on it, or why there is none.</summary>
public sealed class GuestVolume
{
    /// <summary>Index of its disk, from 0.</summary>
    public required int DiskIndex { get; init; }

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
