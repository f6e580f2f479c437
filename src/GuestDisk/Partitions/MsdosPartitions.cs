using System.Globalization;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>The partitions of an MBR: up to four primary ones, and logical ones in chains of boot records (EBR).</summary>
internal sealed class MsdosPartitions
{
    private const int PrimaryCount = 4;

    private readonly BlockSource _disk;
    private readonly int _sectorSize;
    private readonly uint _signature;
    private readonly List<Partition> _partitions = [];
    private readonly List<string> _warnings = [];
    private readonly HashSet<long> _seen = [];
    private int _nextLogical = PrimaryCount + 1;

    private MsdosPartitions(BlockSource disk, int sectorSize, uint signature)
    {
        _disk = disk;
        _sectorSize = sectorSize;
        _signature = signature;
    }

    public static PartitionTable Read(BlockSource disk, int sectorSize, MasterBootRecord mbr)
    {
        MsdosPartitions table = new(disk, sectorSize, mbr.DiskSignature);
        for (int i = 0; i < PrimaryCount; i++)
        {
            BootRecordEntry entry = mbr.Entries[i];
            if (!entry.IsEmpty && !entry.IsExtended && entry.Sectors != 0)
            {
                table.Add(i + 1, entry, 0);
            }
        }

        // GRUB follows the first extended partition only, Linux all of them; the numbers of the first are the same.
        foreach (BootRecordEntry entry in mbr.Entries)
        {
            if (entry.IsExtended)
            {
                table.FollowChain(entry);
            }
        }

        string diskUuid = mbr.DiskSignature == 0 ? "" : mbr.DiskSignature.ToString("x8", CultureInfo.InvariantCulture);
        return new PartitionTable("msdos", sectorSize, diskUuid, table._partitions, table._warnings);
    }

    private void FollowChain(BootRecordEntry extended)
    {
        long first = Bytes(extended.Start);
        long here = first;
        long hereLength = Bytes(extended.Sectors);
        while (true)
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"logical partitions: boot record at byte {here}");
            if (!_seen.Add(here))
            {
                _warnings.Add($"{where}: the chain comes back to it; it ends here");
                return;
            }

            if (_seen.Count > PartitionLimits.MaxBootRecords || _partitions.Count >= PartitionLimits.MaxPartitions)
            {
                _warnings.Add($"{where}: more than {PartitionLimits.MaxPartitions} partitions or {PartitionLimits.MaxBootRecords} boot records; the rest is left out");
                return;
            }

            if (here > _disk.Length - MasterBootRecord.Bytes)
            {
                _warnings.Add($"{where}: behind the end of the disk; the rest is left out");
                return;
            }

            MasterBootRecord? record = TryReadRecord(here, where);
            if (record is null)
            {
                return;
            }

            AddLogical(record, here, hereLength, first, Bytes(extended.Sectors));
            if (NextLink(record) is not { } next)
            {
                return;
            }

            here = first + Bytes(next.Start); // links count from the extended partition, not from the record
            hereLength = Bytes(next.Sectors);
        }
    }

    private MasterBootRecord? TryReadRecord(long offset, string where)
    {
        try
        {
            MasterBootRecord? record = MasterBootRecord.TryReadAt(_disk, offset, "EBR");
            if (record is null)
            {
                _warnings.Add($"{where}: no signature 55 AA; the rest is left out");
            }

            return record;
        }
        catch (SourceReadException e)
        {
            _warnings.Add($"{where}: {e.Message}; the rest is left out");
            return null;
        }
    }

    private void AddLogical(MasterBootRecord record, long here, long hereLength, long first, long firstLength)
    {
        for (int i = 0; i < record.Entries.Count && _partitions.Count < PartitionLimits.MaxPartitions; i++)
        {
            BootRecordEntry entry = record.Entries[i];
            if (entry.IsEmpty || entry.IsExtended || entry.Sectors == 0)
            {
                continue;
            }

            // The third and fourth entry of an EBR are not used by any rule, and may be garbage: Linux takes them only
            // where they stay inside their containers (block/partitions/msdos.c, parse_extended).
            long offset = Bytes(entry.Start);
            long length = Bytes(entry.Sectors);
            if (i >= 2 && (offset + length > hereLength || here + offset + length > first + firstLength))
            {
                continue;
            }

            Add(_nextLogical++, entry, here);
        }
    }

    private static BootRecordEntry? NextLink(MasterBootRecord record)
    {
        foreach (BootRecordEntry entry in record.Entries)
        {
            if (entry.IsExtended && entry.Sectors != 0)
            {
                return entry;
            }
        }

        return null;
    }

    private void Add(int number, BootRecordEntry entry, long origin)
    {
        string uuid = _signature == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{_signature:x8}-{number:x2}");
        string type = string.Create(CultureInfo.InvariantCulture, $"0x{entry.Type:x}");
        _partitions.Add(new Partition(
            "msdos", number, type, "", uuid, entry.BootIndicator, origin + Bytes(entry.Start), Bytes(entry.Sectors)));
    }

    private long Bytes(uint sectors) => (long)sectors * _sectorSize;
}
