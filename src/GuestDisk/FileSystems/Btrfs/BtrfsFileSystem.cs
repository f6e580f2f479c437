using BlockRbd.GuestDisk.FileSystems.Btrfs.Log;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A Btrfs filesystem, read-only, as a mount would show it: what its log holds is applied in memory.</summary>
/// <remarks>
/// The root is the top-level subvolume, as for GRUB, which does not look at the default one: every other subvolume is a directory below it.
/// </remarks>
internal sealed class BtrfsFileSystem : GuestFileSystem
{
    private const int NumberBits = 48;
    private const ulong NumberMask = (1UL << NumberBits) - 1;
    private const ulong EmptyDirectory = 0xFFFFUL << NumberBits;

    private readonly BtrfsVolume _volume;
    private readonly BtrfsSubvolumes _subvolumes;
    private readonly List<string> _warnings = [];
    private List<byte[]>? _subvolumePaths;
    private byte[]? _defaultSubvolume;

    private BtrfsFileSystem(BtrfsVolume volume, BlockSource source)
    {
        _volume = volume;
        _subvolumes = new BtrfsSubvolumes(volume);
        BtrfsSubvolume top = _subvolumes.Find(BtrfsObject.FsTree) ?? throw Bad(ImageFault.Corrupt, "there is no top-level subvolume");
        BtrfsTree checksums = _subvolumes.FindTree(BtrfsObject.CsumTree) ?? throw Bad(ImageFault.Corrupt, "there is no checksum tree");
        Data = new BtrfsDataReader(volume, checksums);
        Packed = new BtrfsPackedExtents(Data, volume.Superblock.SectorSize);
        if (BtrfsLog.Apply(volume, _subvolumes, Data) > 0)
        {
            _warnings.Add("it was not unmounted: what its log holds was applied in memory");
        }

        if (volume.Superblock.Offset != BtrfsSuperblock.FirstOffset)
        {
            _warnings.Add($"the superblock is damaged: its copy at byte {volume.Superblock.Offset} of {source.Name} was taken; its own kernel would not mount it");
        }

        if (volume.MissingDevices is [_, ..] missing)
        {
            _warnings.Add($"{missing.Count} of {volume.Superblock.Devices} devices are missing: {string.Join(", ", missing.Take(8).Select(device => $"{device.Number} ({device.Uuid})"))}");
        }

        Root = GetNode(NumberOf(top, top.RootInode));
        if (Root.Kind != FileKind.Directory)
        {
            throw Bad(ImageFault.Corrupt, $"root inode {top.RootInode} is no directory");
        }
    }

    public override string Kind => "Btrfs";

    public override string GrubName => "btrfs";

    public override byte[] Label => _volume.Superblock.Label;

    public override string Uuid => _volume.Superblock.FsId.ToString();

    public override IReadOnlyList<string> Features => BtrfsFeatureNames.Of(_volume.Superblock);

    public override FileNode Root { get; }

    public override byte[] DefaultSubvolume => _defaultSubvolume ??= _subvolumes.PathOf(_subvolumes.DefaultId()) ?? [];

    public override IReadOnlyList<byte[]> Subvolumes => _subvolumePaths ??= FindSubvolumes();

    public override IReadOnlyList<string> Warnings => _warnings;

    public string SourceName => _volume.SourceName;

    public BtrfsDataReader Data { get; }

    public BtrfsPackedExtents Packed { get; }

    /// <summary>Opens the filesystem that a source holds.</summary>
    /// <exception cref="ImageFormatException">No Btrfs, one that can't be read, or corruption.</exception>
    public static GuestFileSystem Open(BlockSource source) => Open(source, []);

    /// <summary>The same for one that may have several devices.</summary>
    /// <param name="source">One of them.</param>
    /// <param name="others">Every other volume of the guest, whatever it holds.</param>
    /// <exception cref="ImageFormatException">No Btrfs, one that can't be read, or corruption.</exception>
    public static GuestFileSystem Open(BlockSource source, IEnumerable<BlockSource> others) =>
        new BtrfsFileSystem(new BtrfsVolume(source, others), source);

    /// <summary>The same, if it has several devices; else null.</summary>
    /// <exception cref="ImageFormatException">It has, and can't be read.</exception>
    public static GuestFileSystem? OpenOneOfSeveral(BlockSource source, IReadOnlyList<BlockSource> others) =>
        BtrfsSuperblock.TryRead(source) is { Devices: > 1 } ? Open(source, others) : null;

    /// <summary>The number of a subvolume's inode among all of the filesystem.</summary>
    public static ulong NumberOf(BtrfsSubvolume subvolume, ulong inode) => ((ulong)subvolume.Index << NumberBits) | (inode & NumberMask);

    /// <summary>The number of what an entry leads to.</summary>
    public ulong NumberOf(BtrfsSubvolume parent, BtrfsInode directory, BtrfsDirEntry entry)
    {
        ulong id = entry.Location.ObjectId;
        if (!entry.IsSubvolume)
        {
            return id <= NumberMask ? NumberOf(parent, id) : throw Bad(ImageFault.OverLimit, $"inode number {id} in tree {parent.Id}");
        }

        return _subvolumes.IsIn(parent, id, directory.Number, entry.Name.Span) && _subvolumes.Find(id) is { } subvolume
            ? NumberOf(subvolume, subvolume.RootInode)
            : EmptyDirectory;
    }

    public override FileNode GetNode(ulong number)
    {
        if (number == EmptyDirectory)
        {
            return new BtrfsEmptyDirectory(number);
        }

        ulong id = number & NumberMask;
        if (_subvolumes.At((int)(number >> NumberBits)) is not { } subvolume)
        {
            throw Bad(ImageFault.Corrupt, $"inode number {number} is none that was given");
        }

        BtrfsItem item = subvolume.Tree.Find(new BtrfsKey(id, BtrfsItemType.InodeItem, 0))
            ?? throw new ImageFormatException(ImageFault.Corrupt, BtrfsInode.StructureName, SourceName, -1, $"{id} of tree {subvolume.Id} is not there");
        return new BtrfsFile(this, subvolume, BtrfsInode.Read(item));
    }

    private List<byte[]> FindSubvolumes()
    {
        List<byte[]> paths = [];
        if (DefaultSubvolume is [_, ..] path)
        {
            paths.Add(path);
        }

        foreach (DirectoryEntry entry in Root.List().Where(entry => entry.Number >> NumberBits != 0 && entry.Number != EmptyDirectory).Take(BtrfsLimits.MaxTopSubvolumes))
        {
            byte[] top = [(byte)'/', .. entry.Name.Span];
            if (paths is not [byte[] first, ..] || !first.SequenceEqual(top))
            {
                paths.Add(top);
            }
        }

        return paths;
    }

    private ImageFormatException Bad(ImageFault fault, string problem) => new(fault, "Btrfs filesystem", _volume.SourceName, -1, problem);
}
