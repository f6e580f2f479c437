namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>What a directory says of one of its files.</summary>
/// <param name="Offset">Where its entry stands on the disk: FAT's files have no other identity.</param>
/// <param name="Name">Its name: the long one, or the short one where it has no other.</param>
/// <param name="ShortName">Its short name.</param>
/// <param name="Attributes">DIR_Attr.</param>
/// <param name="FirstCluster">Its first cluster; 0 where it is empty.</param>
/// <param name="Size">Bytes; 0 for a directory.</param>
internal sealed record FatFile(long Offset, byte[] Name, byte[] ShortName, FatAttributes Attributes, uint FirstCluster, uint Size)
{
    /// <summary>The entry's number for the outside: it is a multiple of its length.</summary>
    public ulong Number => (ulong)Offset / FatRecord.Bytes;

    public static FatFile Of(FatVolume volume, long offset, FatRecord record, byte[]? longName)
    {
        byte[] shortName = FatShortName.Decode(record.Name, record.CaseBits);
        return new FatFile(offset, longName ?? shortName, shortName, record.Attributes, record.FirstCluster(volume.Boot.Width), record.Size);
    }
}
