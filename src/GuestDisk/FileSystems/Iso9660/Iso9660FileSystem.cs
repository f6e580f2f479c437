using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>ISO 9660 with Rock Ridge, Joliet or plain names: the first of these that is there, in this order, as in GRUB and Linux.</summary>
internal sealed class Iso9660FileSystem : GuestFileSystem
{
    private readonly IsoVolume _volume;
    private readonly IsoNode _root;

    private Iso9660FileSystem(IsoVolume volume, IReadOnlyList<string> warnings)
    {
        _volume = volume;
        Warnings = warnings;
        _root = new IsoNode(volume, ReadRoot(volume));
    }

    /// <inheritdoc/>
    public override string Kind => "ISO 9660";

    /// <inheritdoc/>
    public override string GrubName => "iso9660";

    /// <inheritdoc/>
    public override byte[] Label => _volume.Descriptor.Label;

    /// <inheritdoc/>
    public override string Uuid => _volume.Descriptor.Uuid;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Features => _volume switch
    {
        { SystemUseSkip: not null } => ["Rock Ridge"],
        { Descriptor.IsJoliet: true } => ["Joliet"],
        _ => [],
    };

    /// <inheritdoc/>
    public override bool SharesDiskWithTable => true; // the System Area, ECMA-119 6.2.1, has room for one

    /// <inheritdoc/>
    public override FileNode Root => _root;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No ISO 9660 (NotRecognized), or one that can't be read.</exception>
    public static GuestFileSystem Open(BlockSource source)
    {
        (IsoDescriptor primary, IsoDescriptor? joliet, List<string> warnings) = IsoDescriptor.ReadAll(source);
        IsoVolume volume = IsoVolume.Open(source, primary);
        if (volume.SystemUseSkip is null && joliet is not null)
        {
            volume = IsoVolume.Open(source, joliet);
        }

        if (volume.Descriptor.VolumeBytes > source.Length)
        {
            warnings.Add($"{source.Name}: the filesystem has {volume.Descriptor.VolumeBytes} bytes, but the device ends at byte {source.Length}");
        }

        return new Iso9660FileSystem(volume, warnings);
    }

    /// <inheritdoc/>
    public override FileNode GetNode(ulong number)
    {
        if (number == _root.Number)
        {
            return _root;
        }

        long offset = (long)Math.Min(number, (ulong)_volume.Source.Length);
        IsoDirectory from = new(_volume, new IsoSection(offset, _volume.Source.Length - offset));
        long at = 0;
        if (offset == _volume.Source.Length || from.ReadFile(ref at) is not { } file)
        {
            throw new ImageFormatException(ImageFault.Corrupt, IsoRecord.StructureName, _volume.Source.Name, offset, "there is none");
        }

        return new IsoNode(_volume, file);
    }

    // The root's attributes stand in its own first record, since no directory has it.
    private static IsoFile ReadRoot(IsoVolume volume)
    {
        IsoSection section = volume.RootSection();
        long at = 0;
        RockRidge? posix = volume.SystemUseSkip is null ? null : new IsoDirectory(volume, section).ReadFile(ref at)?.Posix;
        return new IsoFile(volume.Descriptor.RootRecord, [], IsPlainName: false, IsoFlags.Directory, [section], IsInterleaved: false, posix);
    }
}
