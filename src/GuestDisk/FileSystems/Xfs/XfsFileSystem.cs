using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>An XFS filesystem of version 4 or 5, read-only. Its log is looked at, not replayed.</summary>
internal sealed class XfsFileSystem : GuestFileSystem
{
    private readonly XfsVolume _volume;
    private readonly Lazy<IReadOnlyList<string>> _warnings;

    private XfsFileSystem(XfsVolume volume)
    {
        _volume = volume;
        _warnings = new Lazy<IReadOnlyList<string>>(Warn);
        Root = GetNode(volume.Superblock.RootInode);
        if (Root.Kind != FileKind.Directory)
        {
            throw new ImageFormatException(
                ImageFault.Corrupt, XfsSuperblock.StructureName, volume.SourceName, 56, $"root inode {Root.Number} is no directory");
        }
    }

    public override string Kind => "XFS";

    public override string GrubName => "xfs";

    public override byte[] Label => _volume.Superblock.Label;

    public override string Uuid => new Guid(_volume.Superblock.Uuid, bigEndian: true).ToString();

    public override IReadOnlyList<string> Features => XfsFeatureNames.Of(_volume.Superblock);

    public override FileNode Root { get; }

    public override IReadOnlyList<string> Warnings => _warnings.Value;

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No XFS, one that can't be read, or corruption.</exception>
    public static GuestFileSystem Open(BlockSource source) => new XfsFileSystem(new XfsVolume(source));

    public override FileNode GetNode(ulong number) => new XfsInode(this, _volume, number);

    private List<string> Warn()
    {
        List<string> warnings = [];
        if (_volume.Superblock.Incompat.HasFlag(XfsIncompat.NeedsRepair))
        {
            warnings.Add("the filesystem is marked as needing xfs_repair: its own kernel would not mount it");
        }

        if (XfsLog.Warning(_volume) is string warning)
        {
            warnings.Add(warning);
        }

        return warnings;
    }
}
