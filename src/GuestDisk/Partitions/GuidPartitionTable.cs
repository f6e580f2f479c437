using System.Text;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>GPT (UEFI 2.10, chapter 5.3): the primary copy behind the MBR, or else the backup at the disk's end.</summary>
internal static class GuidPartitionTable
{
    private const int MaxNameBytes = 72;

    /// <summary>The table of a disk with a protective MBR.</summary>
    /// <exception cref="ImageFormatException">No copy can be used.</exception>
    public static PartitionTable Read(BlockSource disk, MasterBootRecord mbr)
    {
        ImageFormatException? reason = null;
        return Find(disk, mbr.Protective, ref reason)
            ?? throw new ImageFormatException(
                reason?.Fault is null or ImageFault.NotRecognized ? ImageFault.Corrupt : reason.Fault, "GPT", disk.Name, -1,
                $"the MBR announces one, but no copy can be used; {reason?.Message ?? "the disk is too small"}");
    }

    /// <summary>The table of a disk whose first sector says nothing; null where there is none.</summary>
    public static PartitionTable? TryFind(BlockSource disk)
    {
        ImageFormatException? reason = null;
        PartitionTable? table = Find(disk, null, ref reason);
        return table is null
            ? null
            : new PartitionTable(
                table.Scheme, table.SectorSize, table.DiskUuid, table.Partitions, ["GPT: there is no protective MBR", .. table.Warnings]);
    }

    private static PartitionTable? Find(BlockSource disk, BootRecordEntry? protective, ref ImageFormatException? reason)
    {
        // A copied disk may have had other sectors than the file or device that it was copied to: GRUB tries the sizes in turn too.
        foreach (int sectorSize in (ReadOnlySpan<int>)[disk.SectorSize, disk.SectorSize == 512 ? 4096 : 512])
        {
            ImageFormatException? primary = null;
            if (TryRead(disk, 1, sectorSize, [], ref primary) is { } table)
            {
                return table;
            }

            foreach (ulong lba in BackupPlaces(disk, protective, sectorSize))
            {
                ImageFormatException? ignored = null;
                if (TryRead(disk, lba, sectorSize, [$"GPT: the primary copy can't be used ({primary?.Message}); read from its backup"], ref ignored) is { } backup)
                {
                    return backup;
                }
            }

            // What a header with a signature says is worth more than that there is none for the other sector size.
            reason = reason is null || reason.Fault == ImageFault.NotRecognized ? primary : reason;
        }

        return null;
    }

    private static List<ulong> BackupPlaces(BlockSource disk, BootRecordEntry? protective, int sectorSize)
    {
        ulong sectors = (ulong)(disk.Length / sectorSize);
        List<ulong> places = [];
        Consider(sectors == 0 ? 0 : sectors - 1);

        // A disk that was made larger has its backup where it used to end: the damaged primary and the protective entry may still know.
        if (GuidHeader.HasSignature(disk, sectorSize))
        {
            Consider(GuidHeader.AlternateLba(disk, sectorSize));
        }

        if (protective is { Sectors: > 0 } entry)
        {
            Consider((ulong)entry.Start + entry.Sectors - 1);
        }

        return places;

        void Consider(ulong lba)
        {
            if (lba > 1 && lba < sectors && !places.Contains(lba))
            {
                places.Add(lba);
            }
        }
    }

    private static PartitionTable? TryRead(
        BlockSource disk, ulong lba, int sectorSize, IReadOnlyList<string> warnings, ref ImageFormatException? reason)
    {
        try
        {
            GuidHeader header = GuidHeader.Read(disk, lba, sectorSize);
            List<string> all = [.. warnings];
            return new PartitionTable("gpt", sectorSize, header.DiskGuid, ReadEntries(disk, header, sectorSize, all), all);
        }
        catch (ImageFormatException e)
        {
            reason = e;
            return null;
        }
        catch (SourceReadException e)
        {
            reason = new ImageFormatException(ImageFault.Corrupt, "GPT header", disk.Name, -1, e.Message);
            return null;
        }
    }

    private static List<Partition> ReadEntries(BlockSource disk, GuidHeader header, int sectorSize, List<string> warnings)
    {
        List<Partition> partitions = [];
        byte[] bytes = disk.ReadExactly(header.EntriesOffset, header.EntryCount * header.EntryBytes);
        StructReader table = new("GPT entries", disk.Name, header.EntriesOffset, bytes);
        if (!StoredChecksum.Matches(header.EntriesChecksum, Checksums.Crc32(0, bytes)))
        {
            table.Corrupt(0, "wrong checksum");
        }

        for (int i = 0; i < header.EntryCount; i++)
        {
            StructReader entry = table.Inner($"GPT entry {i + 1}", i * header.EntryBytes, header.EntryBytes);
            if (!entry.Bytes(0, 16).ContainsAnyExcept((byte)0))
            {
                continue; // unused: no type
            }

            if (partitions.Count == PartitionLimits.MaxPartitions)
            {
                warnings.Add($"GPT: more than {PartitionLimits.MaxPartitions} partitions; the rest is left out");
                break;
            }

            partitions.Add(ReadEntry(entry, i + 1, sectorSize));
        }

        return partitions;
    }

    private static Partition ReadEntry(StructReader entry, int number, int sectorSize)
    {
        ulong first = entry.U64(32); // StartingLBA
        ulong last = entry.U64(40); // EndingLBA, which belongs to it
        if (first > PartitionLimits.MaxSectors || last > PartitionLimits.MaxSectors || last < first)
        {
            // Kept, so that its number and name can be told; whoever cuts it out of the disk gets the error.
            first = PartitionLimits.MaxSectors;
            last = first;
        }

        return new Partition(
            "gpt", number, GuidHeader.Guid(entry.Bytes(0, 16)), Name(entry.Bytes(56, MaxNameBytes)), GuidHeader.Guid(entry.Bytes(16, 16)),
            entry.U64(48), (long)first * sectorSize, ((long)(last - first) + 1) * sectorSize);
    }

    private static string Name(ReadOnlySpan<byte> utf16)
    {
        int length = 0;
        while (length < utf16.Length && (utf16[length] | utf16[length + 1]) != 0)
        {
            length += 2;
        }

        return Encoding.Unicode.GetString(utf16[..length]);
    }
}
