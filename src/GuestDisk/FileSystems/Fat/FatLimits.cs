namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>Ceilings of the FAT reader. "fatgen103" is Microsoft's FAT32 File System Specification 1.03.</summary>
internal static class FatLimits
{
    /// <summary>BPB_BytsPerSec (fatgen103, page 9): 512, 1024, 2048 or 4096.</summary>
    public const int MaxSectorBytes = 4096;

    /// <summary>Bytes of a cluster: 128 sectors of the largest size. fatgen103 warns of more than 32 KiB, mkfs.fat makes up to 256 KiB.</summary>
    public const int MaxClusterBytes = 128 * MaxSectorBytes;

    /// <summary>Clusters of a FAT12 volume; more are FAT16. Linux: MAX_FAT12. fatgen103, page 14: fewer than 4085.</summary>
    public const uint MaxFat12Clusters = 4084;

    /// <summary>Linux: MAX_FAT16.</summary>
    public const uint MaxFat16Clusters = 65524;

    /// <summary>Linux: MAX_FAT32.</summary>
    public const uint MaxFat32Clusters = 0x0FFFFFF6;

    /// <summary>DIR_FileSize has 32 bits.</summary>
    public const long MaxFileBytes = uint.MaxValue;

    /// <summary>65536 entries. Linux: FAT_MAX_DIR_SIZE.</summary>
    public const int MaxDirectoryBytes = 65536 * FatRecord.Bytes;

    /// <summary>Entries that one long name is spread over: 255 characters, 13 in each.</summary>
    public const int MaxLongNameSlots = 20;

    /// <summary>Characters (UTF-16) of a long name. Linux: FAT_LFN_LEN.</summary>
    public const int MaxLongNameUnits = 255;

    /// <summary>Every so many clusters of a chain one is remembered: 32 KiB of memory for the longest file of the smallest clusters.</summary>
    public const int ClustersPerMark = 1024;

    /// <summary>Table entries read with one call; even, so that no entry of 12 bits lies on a border.</summary>
    public const int EntriesPerWindow = 4096;

    /// <summary>Bytes of a directory read with one call.</summary>
    public const int DirectoryWindowBytes = 4096;
}
