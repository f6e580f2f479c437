using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>What every part of the reader needs of a volume.</summary>
internal sealed class FatVolume(BlockSource source, FatBootSector boot) : FatClusters(source, boot.Layout)
{
    public FatBootSector Boot => boot;
}
