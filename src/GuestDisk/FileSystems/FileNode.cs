namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>One inode of a guest's filesystem, read and checked.</summary>
/// <remarks>Every method throws <see cref="ImageFormatException"/> for bad bytes and <see cref="InvalidOperationException"/> for the wrong kind.</remarks>
public abstract class FileNode
{
    /// <summary>The inode's number: the same number is the same file.</summary>
    public abstract ulong Number { get; }

    /// <summary>What it is.</summary>
    public abstract FileKind Kind { get; }

    /// <summary>The whole st_mode, type bits included.</summary>
    public abstract int Mode { get; }

    /// <summary>Owner.</summary>
    public abstract uint Uid { get; }

    /// <summary>Group.</summary>
    public abstract uint Gid { get; }

    /// <summary>Size in bytes.</summary>
    public abstract long Size { get; }

    /// <summary>Fills <paramref name="buffer"/> from the file's byte <paramref name="offset"/>, holes as zeros.</summary>
    /// <remarks>Contiguous blocks are read with one call to the source, so a large buffer is a fast one.</remarks>
    /// <returns>Bytes read: less than the buffer's length only at the end of the file.</returns>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>A symbolic link's target, at most <see cref="Limits.MaxSymlinkBytes"/>.</summary>
    public abstract byte[] ReadLink();

    /// <summary>A directory's entries, in the disk's order, without "." and "..".</summary>
    public abstract IEnumerable<DirectoryEntry> List();

    /// <summary>The inode that <paramref name="name"/> leads to in this directory (neither "." nor ".."), or null.</summary>
    public abstract FileNode? Find(ReadOnlySpan<byte> name);
}
