using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>exFAT, revision 1.00.</summary>
internal sealed class ExFatFileSystem : GuestFileSystem
{
    private readonly ExFatVolume _volume;

    private ExFatFileSystem(ExFatVolume volume, IReadOnlyList<string> warnings)
    {
        _volume = volume;
        Warnings = warnings;
        Root = new ExFatNode(volume, file: null);
    }

    /// <inheritdoc/>
    public override string Kind => "exFAT";

    /// <inheritdoc/>
    public override string GrubName => "exfat";

    /// <inheritdoc/>
    public override byte[] Label => _volume.Label;

    /// <inheritdoc/>
    public override string Uuid => _volume.Boot.Uuid;

    /// <inheritdoc/>
    public override FileNode Root { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No exFAT (NotRecognized), or one that can't be read.</exception>
    public static GuestFileSystem Open(BlockSource source)
    {
        ExFatBootSector boot = ExFatBootSector.Read(source);
        return new ExFatFileSystem(new ExFatVolume(source, boot), FatWarnings.Of(source, boot.VolumeBytes, boot.IsDirty));
    }

    /// <inheritdoc/>
    public override FileNode GetNode(ulong number)
    {
        if (number == ExFatNode.RootNumber)
        {
            return Root;
        }

        // Back from ExFatFile.NumberOf: the cluster, and from there on what its directory has.
        const string What = "a directory";
        ulong start = _volume.ClusterCount > 0 ? (ulong)_volume.ClusterOffset(FatLayout.FirstCluster) : ulong.MaxValue;
        ulong offset = Math.Min(number / 2, long.MaxValue / ExFatDirectory.EntryBytes) * ExFatDirectory.EntryBytes;
        ulong cluster = offset < start ? ulong.MaxValue : (offset - start) / (uint)_volume.ClusterBytes;
        if (cluster >= _volume.ClusterCount)
        {
            throw new ImageFormatException(ImageFault.Corrupt, "exFAT entry", _volume.Source.Name, (long)offset, "there is none");
        }

        uint first = (uint)cluster + FatLayout.FirstCluster;
        bool hasChain = number % 2 == 1;
        FatContent content = hasChain
            ? FatContent.OfDirectory(_volume, What, first, ExFatLimits.MaxDirectoryBytes)
            : _volume.Range(What, first, Math.Min(_volume.ClusterCount - (long)cluster, 2) * _volume.ClusterBytes);
        long at = (long)(offset - start) % _volume.ClusterBytes;
        return new ExFatNode(_volume, new ExFatDirectory(_volume, What, content, hasChain).ReadSet(ref at));
    }
}
