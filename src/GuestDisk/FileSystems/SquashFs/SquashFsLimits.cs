namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>Ceilings of the SquashFS reader. The names in brackets are those of Linux' fs/squashfs.</summary>
internal static class SquashFsLimits
{
    /// <summary>Bytes of a metadata block, unpacked (SQUASHFS_METADATA_SIZE).</summary>
    public const int MetadataBytes = 8192;

    /// <summary>Metadata blocks kept: one MiB.</summary>
    public const int MetadataBlocks = 128;

    /// <summary>Least and most bytes of a data block (SQUASHFS_FILE_MAX_SIZE); mksquashfs takes these.</summary>
    public const int MinBlockBytes = 4096;

    /// <summary>The most.</summary>
    public const int MaxBlockBytes = 1 << 20;

    /// <summary>Blocks of a file: 2 TiB of the usual size. Their sizes are read one by one to find a place in the file.</summary>
    public const long MaxBlocks = 1 << 24;

    /// <summary>Entries behind one header of a directory (SQUASHFS_DIR_COUNT).</summary>
    public const int MaxEntriesOfHeader = 256;

    /// <summary>Bytes of a name (SQUASHFS_NAME_LEN).</summary>
    public const int MaxNameBytes = 256;
}
