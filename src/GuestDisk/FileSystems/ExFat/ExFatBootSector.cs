using System.Globalization;
using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>The boot sector (exFAT 3.1), checked, with the checksum of the boot region that it begins. Field names are the specification's.</summary>
internal sealed record ExFatBootSector
{
    public const string StructureName = "exFAT boot sector";
    private const int Bytes = 512;
    private const int ChecksummedSectors = 11;
    private const ushort Signature = 0xAA55;

    /// <summary>Where its table and clusters are.</summary>
    public required FatLayout Layout { get; init; }

    /// <summary>FirstClusterOfRootDirectory.</summary>
    public required uint RootCluster { get; init; }

    /// <summary>VolumeSerialNumber.</summary>
    public required uint Serial { get; init; }

    /// <summary>VolumeFlags: VolumeDirty.</summary>
    public required bool IsDirty { get; init; }

    /// <summary>Bytes that the volume claims to have.</summary>
    public required long VolumeBytes { get; init; }

    /// <summary>As blkid and GRUB spell it: "1234-ABCD".</summary>
    public string Uuid => string.Create(CultureInfo.InvariantCulture, $"{Serial >> 16:X4}-{Serial & 0xFFFF:X4}");

    /// <summary>Reads and checks a source's boot region.</summary>
    /// <exception cref="ImageFormatException">No exFAT, or one that contradicts itself.</exception>
    public static ExFatBootSector Read(BlockSource source)
    {
        if (source.Length < Bytes)
        {
            throw new ImageFormatException(ImageFault.NotRecognized, StructureName, source.Name, 0, $"the device ends at byte {source.Length}");
        }

        StructReader sector = new(StructureName, source.Name, 0, source.ReadExactly(0, Bytes));
        if (!sector.Bytes(3, 8).SequenceEqual("EXFAT   "u8)) // FileSystemName
        {
            sector.NotRecognized(3, "not \"EXFAT   \"");
        }

        if (sector.U16(510) != Signature) // BootSignature
        {
            sector.Corrupt(510, $"ends with {sector.U16(510):x4}, not {Signature:x4}");
        }

        if (sector.Bytes(11, 53).ContainsAnyExcept((byte)0))
        {
            sector.Corrupt(11, "FAT's parameter block is not empty"); // exFAT 3.1.3: MustBeZero
        }

        int sectorShift = sector.U8(108); // BytesPerSectorShift
        if (sectorShift is < ExFatLimits.MinSectorShift or > ExFatLimits.MaxSectorShift)
        {
            sector.Corrupt(108, $"sectors of 2^{sectorShift} bytes");
        }

        CheckSum(source, 1 << sectorShift);
        return Divide(sector, sectorShift);
    }

    private static ExFatBootSector Divide(StructReader sector, int sectorShift)
    {
        int clusterShift = sectorShift + sector.U8(109); // SectorsPerClusterShift
        if (clusterShift > ExFatLimits.MaxClusterShift)
        {
            sector.Corrupt(109, $"clusters of 2^{clusterShift} bytes");
        }

        if (sector.U16(104) >> 8 != 1) // FileSystemRevision; exFAT 3.1.12: another major number is another format
        {
            sector.Unsupported(104, $"revision {sector.U16(104) >> 8}.{sector.U16(104) & 0xFF:00}");
        }

        int tables = sector.U8(110); // NumberOfFats
        int active = sector.U16(106) & 1; // VolumeFlags: ActiveFat
        if (tables is not (1 or 2) || active >= tables)
        {
            sector.Corrupt(110, $"table {active} is in use, of {tables}");
        }

        uint tableStart = sector.U32(80); // FatOffset
        uint tableSectors = sector.U32(84); // FatLength
        uint heap = sector.U32(88); // ClusterHeapOffset
        uint clusters = sector.U32(92); // ClusterCount
        ulong sectors = sector.U64(72); // VolumeLength
        if (clusters > ExFatLimits.MaxClusters || (ulong)clusters + FatLayout.FirstCluster > ((ulong)tableSectors << sectorShift) / sizeof(uint))
        {
            sector.Corrupt(92, $"{clusters} clusters with a table of {tableSectors} sectors");
        }

        if (tableStart < 24 || tableStart + ((ulong)tableSectors * (uint)tables) > heap // exFAT 3.1.6 to 3.1.8; two boot regions come first
            || sectors > (ulong)long.MaxValue >> sectorShift || heap + ((ulong)clusters << (clusterShift - sectorShift)) > sectors)
        {
            sector.Corrupt(80, $"tables from sector {tableStart}, clusters from sector {heap}, {sectors} sectors: they don't fit");
        }

        FatLayout layout = new()
        {
            Format = "exFAT",
            Entries = FatEntries.ExFat,
            ClusterBytes = 1 << clusterShift,
            TableStart = (tableStart + ((long)active * tableSectors)) << sectorShift,
            DataStart = (long)heap << sectorShift,
            ClusterCount = clusters,
            MaxFileBytes = long.MaxValue,
        };
        return new ExFatBootSector
        {
            Layout = layout,
            RootCluster = sector.U32(96), // FirstClusterOfRootDirectory
            Serial = sector.U32(100), // VolumeSerialNumber
            IsDirty = (sector.U16(106) & 2) != 0,
            VolumeBytes = (long)(sectors << sectorShift),
        };
    }

    /// <summary>The boot region's checksum (exFAT 3.4): over eleven sectors but VolumeFlags and PercentInUse; the twelfth has it over and over.</summary>
    private static void CheckSum(BlockSource source, int sectorBytes)
    {
        byte[] region = source.ReadExactly(0, (ChecksummedSectors + 1) * sectorBytes);
        uint sum = 0;
        for (int i = 0; i < ChecksummedSectors * sectorBytes; i++)
        {
            sum = i is 106 or 107 or 112 ? sum : unchecked(uint.RotateRight(sum, 1) + region[i]);
        }

        StructReader stored = new("exFAT boot region's checksum", source.Name, ChecksummedSectors * sectorBytes, region.AsSpan(ChecksummedSectors * sectorBytes));
        for (int i = 0; i < sectorBytes; i += sizeof(uint))
        {
            if (!StoredChecksum.Matches(stored.U32(i), sum))
            {
                stored.Corrupt(i, $"is {stored.U32(i):x8}, and the region's is {sum:x8}");
            }
        }
    }
}
