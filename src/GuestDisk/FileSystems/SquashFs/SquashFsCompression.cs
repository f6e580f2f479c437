namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>The compression id of the superblock (squashfs_fs.h: ZLIB_COMPRESSION and so on), by mksquashfs' names.</summary>
internal enum SquashFsCompression
{
    /// <summary>zlib streams, whatever the name.</summary>
    Gzip = 1,

    /// <summary>LZMA-alone with its header; no kernel reads it.</summary>
    Lzma = 2,

    /// <summary>LZO1X.</summary>
    Lzo = 3,

    /// <summary>Whole .xz streams.</summary>
    Xz = 4,

    /// <summary>LZ4 blocks.</summary>
    Lz4 = 5,

    /// <summary>Zstandard frames.</summary>
    Zstd = 6,
}
