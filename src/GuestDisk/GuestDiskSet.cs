using System.Globalization;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Volumes;
using BlockRbd.GuestDisk.Volumes.Lvm;

namespace BlockRbd.GuestDisk;

/// <summary>All disks of a guest, opened: partitions found, filesystems recognized.</summary>
/// <remarks>
/// Volumes come disk by disk: the whole disk, then its partitions by number (GRUB's <c>search</c> goes over these from the last to the first), then what is put
/// together of them. The whole disk is
/// looked at even where it has a table, since GRUB's <c>search</c> does; that a filesystem there and partitions can't both be in use is said in its warnings (an ISO 9660's can).
/// Whatever is wrong with one volume stays with that volume.
/// </remarks>
public sealed class GuestDiskSet
{
    private GuestDiskSet(IReadOnlyList<GuestDiskInfo> disks, IReadOnlyList<GuestVolume> volumes)
    {
        Disks = disks;
        Volumes = volumes;
    }

    /// <summary>The disks, in the order given.</summary>
    public IReadOnlyList<GuestDiskInfo> Disks { get; }

    /// <summary>Every whole disk and partition.</summary>
    public IReadOnlyList<GuestVolume> Volumes { get; }

    /// <summary>Looks at the disks, the boot disk first. They stay the caller's to dispose of.</summary>
    public static GuestDiskSet Open(IReadOnlyList<BlockSource> disks)
    {
        List<GuestDiskInfo> infos = [];
        List<GuestVolume> volumes = [];
        for (int i = 0; i < disks.Count; i++)
        {
            GuestVolume whole = OpenVolume(i, null, disks[i]);
            GuestDiskInfo info = ReadTable(i, disks[i], whole);
            List<GuestVolume> partitions = OpenPartitions(info);
            if (whole.FileSystem is null && !partitions.Exists(IsKnown) && TryOtherSectorSize(info) is { } other)
            {
                (info, partitions) = other;
            }

            infos.Add(info);
            volumes.Add(Describe(partitions.Count > 0 ? whole : NameContent(whole), info));
            volumes.AddRange(partitions);
        }

        volumes.AddRange(VolumeAssembly.Of(volumes));
        return new GuestDiskSet(infos, [.. volumes.Select(volume => OpenOneOfSeveral(volume, volumes))]);
    }

    /// <summary>A volume that is one device of a filesystem's several is opened again, now that all of them are known.</summary>
    private static GuestVolume OpenOneOfSeveral(GuestVolume volume, List<GuestVolume> all)
    {
        if (volume is not { Source: { } source, IsNamed: false })
        {
            return volume;
        }

        try
        {
            List<BlockSource> others = [.. all.Where(other => !ReferenceEquals(other, volume)).Select(other => other.Source).OfType<BlockSource>()];
            if (FileSystemTable.OpenOneOfSeveral(source, others) is not { } fileSystem)
            {
                return volume;
            }

            IEnumerable<string> ownWarnings = volume.Warnings.Except(volume.FileSystem?.Warnings ?? []);
            return volume with { FileSystem = fileSystem, Unreadable = null, Warnings = [.. fileSystem.Warnings, .. ownWarnings] };
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return volume with { FileSystem = null, Unreadable = e.Message, Failure = e };
        }
    }

    /// <summary>A guest's file taken for a disk: the volume that it is as a whole, then its partitions. What is wrong with it stays with these.</summary>
    /// <param name="file">A regular file.</param>
    /// <param name="name">What the disk is called: "loop".</param>
    /// <param name="path">The file for people, with its volume.</param>
    public static IReadOnlyList<GuestVolume> OpenFile(FileNode file, string name, string path) =>
        OpenAssembled(new AssembledVolume(name, [], $"file {path}", new NodeSource(path, file), null));

    /// <summary>Pieces of a volume's own bytes taken for a disk, one behind another: GRUB's block lists.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="pieces">At least one.</param>
    /// <param name="name">What the disk is called.</param>
    /// <param name="path">The pieces for people.</param>
    /// <exception cref="ImageFormatException">One doesn't lie in the volume, or the volume has no bytes.</exception>
    public static IReadOnlyList<GuestVolume> OpenPieces(GuestVolume volume, IReadOnlyList<(long Start, long Length)> pieces, string name, string path)
    {
        BlockSource source = volume.Source ?? throw new ImageFormatException(ImageFault.Truncated, name, path, -1, "lies outside of its disk");
        List<BlockSource> parts = [.. pieces.Select(piece => new SliceSource(source, piece.Start, piece.Length, path))];
        return OpenAssembled(new AssembledVolume(name, [], $"sectors {path}", new ConcatSource(path, parts), null));
    }

    /// <summary>The volumes of a disk that is put together: itself, then its partitions.</summary>
    internal static List<GuestVolume> OpenAssembled(AssembledVolume assembled)
    {
        if (assembled.Source is not { } source)
        {
            return [Name(assembled, Unreadable(-1, null, null, assembled.Failure!.Message, assembled.Failure))];
        }

        GuestVolume whole = OpenVolume(-1, null, source);
        GuestDiskInfo info = ReadTable(-1, source, whole);
        List<GuestVolume> partitions = OpenPartitions(info);
        whole = Describe(partitions.Count > 0 ? whole : NameContent(whole), info);
        return [.. partitions.Prepend(whole).Select(volume => Name(assembled, volume))];
    }

    private static GuestVolume Name(AssembledVolume assembled, GuestVolume volume) => volume with
    {
        Assembled = assembled.GrubName,
        OtherNames = assembled.OtherNames,
        About = assembled.About,
        Warnings = [.. assembled.Warnings, .. volume.Warnings],
    };

    private static bool IsKnown(GuestVolume volume) => volume.FileSystem is not null || volume.IsNamed;

    private static List<GuestVolume> OpenPartitions(GuestDiskInfo info) =>
        [.. (info.Table?.Partitions ?? []).Select(partition => NameContent(OpenPartition(info.Index, info.Source, partition)))];

    private static (GuestDiskInfo Info, List<GuestVolume> Partitions)? TryOtherSectorSize(GuestDiskInfo info)
    {
        try
        {
            if (info.Table is null || PartitionTable.ReadWithOtherSectorSize(info.Source, info.Table) is not { } table)
            {
                return null;
            }

            GuestDiskInfo other = info with { Table = table };
            List<GuestVolume> partitions = OpenPartitions(other);
            return partitions.Exists(IsKnown) ? (other, partitions) : null;
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return null;
        }
    }

    private static GuestDiskInfo ReadTable(int index, BlockSource disk, GuestVolume whole)
    {
        try
        {
            PartitionTable? table = PartitionTable.Read(disk);
            if (table is null && whole.FileSystem is null && whole.Failure is null && VolumeSignatures.Container(disk) is null)
            {
                table = PartitionTable.FindWithoutMbr(disk);
            }

            return new GuestDiskInfo(index, disk, table, null);
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return new GuestDiskInfo(index, disk, null, e);
        }
    }

    /// <summary>The whole disk's volume, once it is known what table there is.</summary>
    private static GuestVolume Describe(GuestVolume whole, GuestDiskInfo info)
    {
        int count = info.Table?.Partitions.Count ?? 0;
        List<string> warnings = [.. whole.Warnings, .. info.Table?.Warnings ?? []];
        string? unreadable = whole.Unreadable;
        if (whole.FileSystem is { SharesDiskWithTable: false } && count > 0)
        {
            warnings.Add($"{whole.FileSystem.Kind} on the whole disk, and {count} partitions on it: one of the two is a remainder");
        }
        else if (unreadable is not null && info.Table is not null && (count > 0 || !whole.IsNamed))
        {
            unreadable = string.Create(CultureInfo.InvariantCulture, $"partition table {info.Table.Scheme} with {count} partitions");
        }
        else if (unreadable is not null && info.TableFailure is not null)
        {
            unreadable = info.TableFailure.Message;
        }

        return whole with
        {
            Unreadable = unreadable,
            Failure = unreadable is null || info.Table is not null ? null : info.TableFailure ?? whole.Failure,
            Warnings = warnings,
        };
    }

    private static GuestVolume OpenPartition(int index, BlockSource disk, Partition partition)
    {
        try
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{disk.Name} partition {(partition.Parent is null ? partition.Number : partition.GrubName)}");
            return OpenVolume(index, partition, new SliceSource(disk, partition.Start, partition.Length, name));
        }
        catch (ImageFormatException e)
        {
            return Unreadable(index, partition, null, e.Message, e);
        }
    }

    private static GuestVolume OpenVolume(int index, Partition? partition, BlockSource source)
    {
        try
        {
            if (VolumeSignatures.Container(source) is not { } container)
            {
                return OpenFileSystem(index, partition, source);
            }

            LvmVolumes.Check(source);
            return Named(index, partition, source, container);
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return Unreadable(index, partition, source, e.Message, e);
        }
    }

    private static GuestVolume OpenFileSystem(int index, Partition? partition, BlockSource source)
    {
        try
        {
            GuestFileSystem fileSystem = FileSystemTable.Open(source);
            return new GuestVolume
            {
                DiskIndex = index,
                Partition = partition,
                Source = source,
                FileSystem = fileSystem,
                Unreadable = null,
                Warnings = fileSystem.Warnings,
            };
        }
        catch (ImageFormatException e) when (e.Fault == ImageFault.NotRecognized)
        {
            return Unreadable(index, partition, source, e.Message, null);
        }
    }

    /// <summary>The volume, named where it holds nothing that can be read but something that is known.</summary>
    private static GuestVolume NameContent(GuestVolume volume)
    {
        if (volume is not { FileSystem: null, Failure: null, IsNamed: false, Source: { } source })
        {
            return volume;
        }

        try
        {
            return VolumeSignatures.Other(source) is { } other ? Named(volume.DiskIndex, volume.Partition, source, other) : volume;
        }
        catch (IOException e) when (e is ImageFormatException or SourceReadException)
        {
            return Unreadable(volume.DiskIndex, volume.Partition, source, e.Message, e);
        }
    }

    private static GuestVolume Named(int index, Partition? partition, BlockSource source, VolumeSignature signature) => new()
    {
        DiskIndex = index,
        Partition = partition,
        Source = source,
        FileSystem = null,
        Unreadable = signature.Sentence,
        IsNamed = true,
    };

    private static GuestVolume Unreadable(int index, Partition? partition, BlockSource? source, string reason, IOException? failure) => new()
    {
        DiskIndex = index,
        Partition = partition,
        Source = source,
        FileSystem = null,
        Unreadable = reason,
        Failure = failure,
    };
}
