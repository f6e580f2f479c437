namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>What an inode is.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Symlink,

    /// <summary>A character device, block device, FIFO or socket: named, never read.</summary>
    Special,
}
