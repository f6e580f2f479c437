using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>A SquashFS filesystem of version 4.0, with any of its compressions.</summary>
internal sealed class SquashFsFileSystem : GuestFileSystem
{
    private readonly SquashFsVolume _volume;

    private SquashFsFileSystem(SquashFsVolume volume)
    {
        _volume = volume;
        Root = GetNode(volume.Superblock.RootInode);
        if (Root.Kind != FileKind.Directory)
        {
            volume.Throw(ImageFault.Corrupt, SquashFsSuperblock.StructureName, 32, $"root inode 0x{Root.Number:x} is no directory");
        }
    }

    /// <inheritdoc/>
    public override string Kind => "SquashFS";

    /// <inheritdoc/>
    public override string GrubName => "squash4";

    /// <summary>None: the format has no room for one.</summary>
    public override byte[] Label => [];

    /// <summary>None, as <see cref="Label"/>.</summary>
    public override string Uuid => "";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Features => [_volume.Superblock.Compression.ToString().ToLowerInvariant()];

    /// <inheritdoc/>
    public override FileNode Root { get; }

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No SquashFS (NotRecognized), or one that can't be read.</exception>
    public static GuestFileSystem Open(BlockSource source) => new SquashFsFileSystem(new SquashFsVolume(source));

    /// <inheritdoc/>
    public override FileNode GetNode(ulong number) => new SquashFsNode(_volume, SquashFsInode.Read(_volume, number));
}
