using BlockRbd.GuestDisk.FileSystems.Xfs.Log;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>What every part of the reader works on: the superblock, metadata through a small cache, data straight from the source.</summary>
internal sealed class XfsVolume
{
    private readonly BlockSource _source;
    private readonly XfsMetadataCache _cache;

    private readonly XfsLogChanges? _changes;

    /// <param name="source">The device.</param>
    /// <param name="changes">What a replay of the log changes; the changes were made for the device as it is without them.</param>
    /// <exception cref="ImageFormatException">No XFS, one that can't be read, or a device shorter than the filesystem.</exception>
    public XfsVolume(BlockSource source, XfsLogChanges? changes = null)
    {
        (_source, _changes) = (source, changes);
        _cache = new XfsMetadataCache(changes is null ? source : new XfsLogOverlay(source, changes, changes.InodeSize));
        Superblock = XfsSuperblock.Read(_cache, IsReplayed(0, XfsSuperblock.FieldBytes));
        long size = (long)Superblock.Blocks << Superblock.BlockLog;
        if (size > source.Length)
        {
            // The kernel reads the last block before it mounts (xfs_check_sizes).
            throw new ImageFormatException(
                ImageFault.Truncated, "XFS filesystem", source.Name, source.Length, $"the device ends here; the filesystem has {size} bytes");
        }
    }

    public XfsSuperblock Superblock { get; }

    public string SourceName => _source.Name;

    /// <summary>Whether some of a block of metadata is the log's: its checksum, which only writing it would renew, then says nothing.</summary>
    public bool IsReplayed(long offset, int length) => _changes?.IsReplayed(offset, length) ?? false;

    /// <summary>Whether an inode's extent tree may say that it is another's.</summary>
    public bool HasChangedOwner(ulong inode) => _changes?.HasChangedOwner(inode) ?? false;

    /// <summary>Whether an inode's contents are only half exchanged with another's.</summary>
    public bool IsExchanging(ulong inode) => _changes?.IsExchanging(inode) ?? false;

    /// <summary>What recovery maps and unmaps of an inode; null where nothing is.</summary>
    public IReadOnlyList<XfsRemap>? Remaps(ulong inode) => _changes?.Remaps(inode);

    /// <summary>A copy of metadata, at most 64 KiB.</summary>
    public byte[] ReadMetadata(long offset, int length) => _cache.Read(offset, length);

    /// <summary>Says that metadata from here on will be asked for in turn; how far it is read ahead.</summary>
    public long Prefetch(long offset, long length) => _cache.Prefetch(offset, length);

    /// <summary>A file's bytes, in one read. They are never logged.</summary>
    public void ReadData(long offset, Span<byte> buffer) => _source.ReadExactly(offset, buffer);
}
