using System.Diagnostics.CodeAnalysis;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>What every part of the reader needs of a volume.</summary>
internal sealed class FatVolume(BlockSource source, FatBootSector boot)
{
    public BlockSource Source => source;

    public FatBootSector Boot => boot;

    public FatTable Table { get; } = new(source, boot);

    [DoesNotReturn]
    public void Corrupt(string structure, string problem) =>
        throw new ImageFormatException(ImageFault.Corrupt, structure, source.Name, -1, problem);
}
