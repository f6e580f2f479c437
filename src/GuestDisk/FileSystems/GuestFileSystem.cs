namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>A guest's filesystem, opened and its superblock checked.</summary>
public abstract class GuestFileSystem
{
    /// <summary>The format's name for people: "ext4", "XFS".</summary>
    public abstract string Kind { get; }

    /// <summary>GRUB's name of its driver, as <c>probe --fs</c> gives it: "ext2", "xfs".</summary>
    public abstract string GrubName { get; }

    /// <summary>The label's bytes, without padding; empty where there is none.</summary>
    public abstract byte[] Label { get; }

    /// <summary>The UUID as <c>blkid</c> and GRUB's <c>search --fs-uuid</c> spell it; empty where there is none.</summary>
    public abstract string Uuid { get; }

    /// <summary>What a reader must know to read it, by the names of the format's own tools: "extent", "64bit"; "v5", "bigtime".</summary>
    public virtual IReadOnlyList<string> Features => [];

    /// <summary>Whether the first sector is left to others, so that a partition table there may be in use beside it: hybrid images of ISO 9660.</summary>
    public virtual bool SharesDiskWithTable => false;

    /// <summary>The root directory.</summary>
    public abstract FileNode Root { get; }

    /// <summary>
    /// Paths of directories that the filesystem can also be mounted at, as from a root of their own: Btrfs' subvolumes. The default one comes first, where
    /// it isn't the root; then those in the root directory. Each begins with a slash.
    /// </summary>
    public virtual IReadOnlyList<byte[]> Subvolumes => [];

    /// <summary>The one of them that is mounted where nobody names one; empty where that is the root.</summary>
    public virtual byte[] DefaultSubvolume => [];

    /// <summary>What a reader must be told though reading goes on: a dirty log that is not applied, a replayed journal.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>The inode of a number that <see cref="FileNode.List"/> gave.</summary>
    public abstract FileNode GetNode(ulong number);
}
