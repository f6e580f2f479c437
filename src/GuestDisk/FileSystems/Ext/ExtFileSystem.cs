using BlockRbd.GuestDisk.FileSystems.Ext.Journal;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>ext2, ext3 and ext4, read as the kernel would after mounting it: with its journal replayed, in memory.</summary>
internal sealed class ExtFileSystem : GuestFileSystem
{
    private const uint RootInode = 2;

    // What blkid calls ext2 and ext3: anything beyond these is ext4.
    private const ExtIncompat Ext3Incompat = ExtIncompat.FileType | ExtIncompat.Recover | ExtIncompat.MetaBg;
    private const ExtRoCompat Ext3RoCompat = ExtRoCompat.SparseSuper | ExtRoCompat.LargeFile | ExtRoCompat.BtreeDir;

    private readonly ExtVolume _volume;

    private ExtFileSystem(ExtVolume volume, IReadOnlyList<string> warnings)
    {
        _volume = volume;
        Warnings = warnings;
        Root = GetNode(RootInode);
        if (Root.Kind != FileKind.Directory)
        {
            volume.Corrupt("ext4 inode 2", $"the root is a {Root.Kind}, not a directory");
        }
    }

    /// <inheritdoc/>
    public override string Kind
    {
        get
        {
            ExtSuperblock superblock = _volume.Superblock;
            if ((superblock.Incompat & ~Ext3Incompat) != 0 || (superblock.RoCompat & ~Ext3RoCompat) != 0)
            {
                return "ext4";
            }

            return superblock.Has(ExtCompat.HasJournal) ? "ext3" : "ext2";
        }
    }

    /// <inheritdoc/>
    public override string GrubName => "ext2";

    /// <inheritdoc/>
    public override byte[] Label => _volume.Superblock.Label;

    /// <inheritdoc/>
    public override string Uuid =>
        _volume.Superblock.Uuid.AsSpan().ContainsAnyExcept((byte)0) ? new Guid(_volume.Superblock.Uuid, bigEndian: true).ToString() : "";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Features =>
        [.. ExtFeatures.Names(_volume.Superblock.Incompat), .. _volume.Superblock.Has(ExtRoCompat.BigAlloc) ? (string[])["bigalloc"] : []];

    /// <inheritdoc/>
    public override FileNode Root { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens the filesystem that begins with the source's first byte.</summary>
    /// <exception cref="ImageFormatException">It is none of these (NotRecognized), or can't be read.</exception>
    public static ExtFileSystem Open(BlockSource source)
    {
        ExtSuperblock superblock = ExtSuperblock.Read(source);
        List<string> warnings = [];
        ExtVolume volume = JournalReplay.Recover(new ExtVolume(superblock, source), warnings);
        if (superblock.BlocksCount > source.Length / superblock.BlockSize)
        {
            warnings.Insert(0, $"{source.Name}: the filesystem has {superblock.BlocksCount} blocks of {superblock.BlockSize} bytes, "
                + $"but the device ends at byte {source.Length}");
        }

        return new ExtFileSystem(volume, warnings);
    }

    /// <inheritdoc/>
    public override FileNode GetNode(ulong number) => ExtNode.Open(_volume, number);
}
