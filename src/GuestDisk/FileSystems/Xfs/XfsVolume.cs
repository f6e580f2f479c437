using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>What every part of the reader works on: the superblock, metadata through a small cache, data straight from the source.</summary>
internal sealed class XfsVolume
{
    private readonly BlockSource _source;
    private readonly XfsMetadataCache _cache;

    /// <exception cref="ImageFormatException">No XFS, one that can't be read, or a device shorter than the filesystem.</exception>
    public XfsVolume(BlockSource source)
    {
        _source = source;
        _cache = new XfsMetadataCache(source);
        Superblock = XfsSuperblock.Read(_cache);
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

    /// <summary>A copy of metadata, at most 64 KiB.</summary>
    public byte[] ReadMetadata(long offset, int length) => _cache.Read(offset, length);

    /// <summary>Says that metadata from here on will be asked for in turn; how far it is read ahead.</summary>
    public long Prefetch(long offset, long length) => _cache.Prefetch(offset, length);

    /// <summary>A file's bytes, in one read.</summary>
    public void ReadData(long offset, Span<byte> buffer) => _source.ReadExactly(offset, buffer);
}
