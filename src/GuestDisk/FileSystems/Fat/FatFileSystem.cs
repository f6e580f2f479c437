using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>FAT12, FAT16 and FAT32 with long names.</summary>
internal sealed class FatFileSystem : GuestFileSystem
{
    /// <summary>The root has no entry; none of another file stands in the first sector.</summary>
    public const ulong RootNumber = 0;

    private readonly FatVolume _volume;
    private readonly FatNode _root;

    private FatFileSystem(FatVolume volume, IReadOnlyList<string> warnings)
    {
        _volume = volume;
        Warnings = warnings;
        _root = new FatNode(volume, new FatFile(0, [(byte)'/'], [], FatAttributes.Directory, volume.Boot.RootCluster, 0));
        Label = _root.Directory().Label();
    }

    /// <inheritdoc/>
    public override string Kind => _volume.Boot.Width switch { FatWidth.Fat12 => "FAT12", FatWidth.Fat16 => "FAT16", _ => "FAT32" };

    /// <inheritdoc/>
    public override string GrubName => "fat";

    /// <inheritdoc/>
    public override byte[] Label { get; }

    /// <inheritdoc/>
    public override string Uuid => _volume.Boot.Uuid;

    /// <inheritdoc/>
    public override FileNode Root => _root;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No FAT (NotRecognized), or one that can't be read.</exception>
    public static GuestFileSystem Open(BlockSource source)
    {
        FatBootSector boot = FatBootSector.Read(source);
        return new FatFileSystem(new FatVolume(source, boot), FatWarnings.Of(source, boot.VolumeBytes, boot.IsDirty));
    }

    /// <inheritdoc/>
    public override FileNode GetNode(ulong number)
    {
        if (number == RootNumber)
        {
            return _root;
        }

        long offset = (long)Math.Min(number, long.MaxValue / FatRecord.Bytes) * FatRecord.Bytes;
        return new FatNode(_volume, FatFile.Of(_volume, offset, new FatRecord(_volume.Source.ReadExactly(offset, FatRecord.Bytes)), longName: null));
    }
}
