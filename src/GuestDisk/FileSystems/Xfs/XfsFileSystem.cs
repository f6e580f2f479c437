using BlockRbd.GuestDisk.FileSystems.Xfs.Log;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>An XFS filesystem of version 4 or 5, read-only, as a mount would show it: its log is replayed in memory.</summary>
internal sealed class XfsFileSystem : GuestFileSystem
{
    private readonly XfsVolume _volume;
    private readonly List<string> _warnings = [];

    private XfsFileSystem(BlockSource source, IReadOnlyList<BlockSource> others)
    {
        XfsVolume volume = new(source);
        if (volume.Superblock.Incompat.HasFlag(XfsIncompat.NeedsRepair))
        {
            _warnings.Add("the filesystem is marked as needing xfs_repair: its own kernel would not mount it");
        }

        _volume = volume = XfsLog.Recover(volume, source, others, _warnings);
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

    public override IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No XFS, one that can't be read, or corruption.</exception>
    public static GuestFileSystem Open(BlockSource source) => new XfsFileSystem(source, []);

    /// <summary>The same, if its log is on another device; else null.</summary>
    /// <param name="source">The filesystem's device.</param>
    /// <param name="others">Every other volume of the guest, whatever it holds.</param>
    /// <exception cref="ImageFormatException">It is, and the filesystem can't be read.</exception>
    public static GuestFileSystem? OpenOneOfSeveral(BlockSource source, IReadOnlyList<BlockSource> others) =>
        XfsSuperblock.HasExternalLog(source) ? new XfsFileSystem(source, others) : null;

    public override FileNode GetNode(ulong number) => new XfsInode(this, _volume, number);
}
