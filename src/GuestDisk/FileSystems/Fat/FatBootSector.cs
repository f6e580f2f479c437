using System.Globalization;
using System.Numerics;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>Bits of an entry of the allocation table.</summary>
internal enum FatWidth
{
    Fat12 = 12,
    Fat16 = 16,
    Fat32 = 32,
}

/// <summary>
/// The boot sector with its BIOS parameter block (fatgen103, pages 9 to 12), checked: where the tables, the root and the clusters are. Field names are the
/// specification's. What Linux' fat_read_bpb refuses is no FAT; what GRUB refuses beside it (no "FAT12", "FAT16" or "FAT32" in it) is
/// taken where a boot sector's first and last bytes are there, as Linux does.
/// </summary>
internal sealed record FatBootSector
{
    public const string StructureName = "FAT boot sector";
    private const int Bytes = 512;

    public required FatWidth Width { get; init; }

    /// <summary>Where its table and clusters are.</summary>
    public required FatLayout Layout { get; init; }

    /// <summary>First byte of FAT12's and FAT16's root directory.</summary>
    public required long RootStart { get; init; }

    /// <summary>Bytes of FAT12's and FAT16's root directory.</summary>
    public required int RootBytes { get; init; }

    /// <summary>BPB_RootClus: FAT32's root directory.</summary>
    public required uint RootCluster { get; init; }

    /// <summary>BS_VolID.</summary>
    public required uint Serial { get; init; }

    /// <summary>BS_Reserved1, bit 0: mounted for writing and never unmounted. Linux: FAT_STATE_DIRTY.</summary>
    public required bool IsDirty { get; init; }

    /// <summary>Bytes that the volume claims to have.</summary>
    public required long VolumeBytes { get; init; }

    /// <summary>Reads and checks a source's first sector.</summary>
    /// <exception cref="ImageFormatException">No FAT, or one that contradicts itself.</exception>
    public static FatBootSector Read(BlockSource source)
    {
        if (source.Length < Bytes)
        {
            throw new ImageFormatException(ImageFault.NotRecognized, StructureName, source.Name, 0, $"the device ends at byte {source.Length}");
        }

        StructReader sector = new(StructureName, source.Name, 0, source.ReadExactly(0, Bytes));
        Recognize(sector);
        return Divide(sector);
    }

    private static void Recognize(StructReader sector)
    {
        int sectorBytes = sector.U16(11); // BPB_BytsPerSec
        int perCluster = sector.U8(13); // BPB_SecPerClus
        byte media = sector.U8(21); // BPB_Media
        bool isKnown = sector.U16(14) != 0 // BPB_RsvdSecCnt
            && sector.U8(16) != 0 // BPB_NumFATs
            && media is 0xF0 or >= 0xF8
            && BitOperations.IsPow2(sectorBytes) && sectorBytes is >= 512 and <= FatLimits.MaxSectorBytes
            && BitOperations.IsPow2(perCluster)
            && (sector.U16(22) != 0 || sector.U32(36) != 0); // BPB_FATSz16, BPB_FATSz32
        bool isNamed = sector.Bytes(54, 3).SequenceEqual("FAT"u8) || sector.Bytes(82, 5).SequenceEqual("FAT32"u8); // BS_FilSysType
        bool isBootSector = sector.U8(0) is 0xEB or 0xE9 && sector.U16(510) == 0xAA55;
        if (!isKnown || !(isNamed || isBootSector))
        {
            sector.NotRecognized(11, "no BIOS parameter block");
        }
    }

    private static FatBootSector Divide(StructReader sector)
    {
        int sectorBytes = sector.U16(11);
        int clusterBytes = sectorBytes * sector.U8(13);
        bool isFat32 = sector.U16(22) == 0; // Linux and GRUB decide by this; the specification by the number of clusters, which agrees
        long tableSectors = isFat32 ? sector.U32(36) : sector.U16(22);
        long tables = sector.U8(16);
        long reserved = sector.U16(14);
        long total = sector.U16(19) != 0 ? sector.U16(19) : sector.U32(32); // BPB_TotSec16, BPB_TotSec32
        int rootBytes = isFat32 ? 0 : sector.U16(17) * FatRecord.Bytes; // BPB_RootEntCnt
        long rootSector = reserved + (tables * tableSectors);
        long dataSector = rootSector + ((rootBytes + sectorBytes - 1) / sectorBytes);
        if (total < dataSector)
        {
            sector.Corrupt(32, $"{total} sectors, though its clusters begin with sector {dataSector}");
        }

        long clusters = (total - dataSector) / sector.U8(13);
        FatWidth width = isFat32 ? FatWidth.Fat32 : clusters > FatLimits.MaxFat12Clusters ? FatWidth.Fat16 : FatWidth.Fat12;
        long tableEntries = tableSectors * sectorBytes * 8 / (int)width;
        clusters = Math.Min(clusters, Math.Max(0, tableEntries - FatLayout.FirstCluster)); // as Linux does: what the table has no entry for is not used
        uint most = width switch { FatWidth.Fat12 => FatLimits.MaxFat12Clusters, FatWidth.Fat16 => FatLimits.MaxFat16Clusters, _ => FatLimits.MaxFat32Clusters };
        if (clusters > most)
        {
            sector.OverLimit(32, $"{clusters} clusters; FAT{(int)width} has {most} at most");
        }

        return new FatBootSector
        {
            Width = width,
            Layout = new FatLayout
            {
                Format = "FAT",
                Entries = width switch { FatWidth.Fat12 => FatEntries.Fat12, FatWidth.Fat16 => FatEntries.Fat16, _ => FatEntries.Fat32 },
                ClusterBytes = clusterBytes,
                TableStart = (reserved + (ActiveTable(sector, isFat32) * tableSectors)) * sectorBytes,
                DataStart = dataSector * sectorBytes,
                ClusterCount = (uint)clusters,
                MaxFileBytes = FatLimits.MaxFileBytes,
            },
            RootStart = rootSector * sectorBytes,
            RootBytes = rootBytes,
            RootCluster = isFat32 ? sector.U32(44) : 0,
            Serial = sector.U32(isFat32 ? 67 : 39),
            IsDirty = (sector.U8(isFat32 ? 65 : 37) & 1) != 0,
            VolumeBytes = total * sectorBytes,
        };
    }

    /// <summary>BPB_ExtFlags (fatgen103, page 12): where mirroring is off, the one table that is kept up to date; else all are the same.</summary>
    private static int ActiveTable(StructReader sector, bool isFat32)
    {
        int flags = isFat32 ? sector.U16(40) : 0;
        int active = (flags & 0x80) != 0 ? flags & 0xF : 0;
        if (active >= sector.U8(16))
        {
            sector.Corrupt(40, $"table {active} is in use, of {sector.U8(16)}");
        }

        return active;
    }

    /// <summary>As blkid and GRUB spell it: "1234-ABCD".</summary>
    public string Uuid => string.Create(CultureInfo.InvariantCulture, $"{Serial >> 16:X4}-{Serial & 0xFFFF:X4}");
}
