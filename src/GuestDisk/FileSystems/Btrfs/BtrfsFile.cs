namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A file, directory, symbolic link or special file of a Btrfs filesystem.</summary>
internal sealed class BtrfsFile(BtrfsFileSystem fileSystem, BtrfsSubvolume subvolume, BtrfsInode inode) : FileNode
{
    private BtrfsFileReader? _content;

    public override ulong Number => BtrfsFileSystem.NumberOf(subvolume, inode.Number);

    public override FileKind Kind => inode.Kind;

    public override int Mode => inode.Mode;

    public override uint Uid => inode.Uid;

    public override uint Gid => inode.Gid;

    public override long Size => inode.Size;

    private BtrfsFileReader Content => _content ??= new BtrfsFileReader(subvolume.Tree, fileSystem.Data, inode, fileSystem.Packed);

    public override int Read(long offset, Span<byte> buffer)
    {
        Require(FileKind.File);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset >= Size)
        {
            return 0;
        }

        int length = (int)Math.Min(buffer.Length, Size - offset);
        Content.Read(offset, buffer[..length]);
        return length;
    }

    public override byte[] ReadLink()
    {
        Require(FileKind.Symlink);
        if (Size is 0 or > Limits.MaxSymlinkBytes)
        {
            throw Bad(Size == 0 ? ImageFault.Corrupt : ImageFault.OverLimit, $"symbolic link of {Size} bytes");
        }

        byte[] target = new byte[(int)Size];
        Content.Read(0, target);
        return target.Contains((byte)0) ? throw Bad(ImageFault.Corrupt, "symbolic link with a zero byte") : target;
    }

    public override IEnumerable<DirectoryEntry> List()
    {
        Require(FileKind.Directory);
        int count = 0;
        foreach (BtrfsItem item in subvolume.Tree.Of(inode.Number, BtrfsItemType.DirIndex))
        {
            foreach (BtrfsDirEntry entry in BtrfsDirEntry.Read(item))
            {
                if (++count > Limits.MaxDirectoryEntries)
                {
                    throw Bad(ImageFault.OverLimit, $"more than {Limits.MaxDirectoryEntries} entries");
                }

                yield return new DirectoryEntry(entry.Name, fileSystem.NumberOf(subvolume, inode, entry));
            }
        }
    }

    public override FileNode? Find(ReadOnlySpan<byte> name)
    {
        Require(FileKind.Directory);
        if (subvolume.Tree.Find(new BtrfsKey(inode.Number, BtrfsItemType.DirItem, BtrfsDirEntry.Hash(name))) is not { } item)
        {
            return null;
        }

        foreach (BtrfsDirEntry entry in BtrfsDirEntry.Read(item))
        {
            if (entry.Name.Span.SequenceEqual(name))
            {
                return fileSystem.GetNode(fileSystem.NumberOf(subvolume, inode, entry));
            }
        }

        return null;
    }

    private void Require(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"inode {inode.Number} is a {Kind}, not a {kind}");
        }
    }

    private ImageFormatException Bad(ImageFault fault, string problem) =>
        new(fault, BtrfsInode.StructureName, fileSystem.SourceName, -1, $"{inode.Number} of tree {subvolume.Id}: {problem}");
}

/// <summary>
/// What a snapshot has where the original has another subvolume: a snapshot doesn't go into those, and the kernel shows an empty directory
/// (new_simple_dir of fs/btrfs/inode.c).
/// </summary>
internal sealed class BtrfsEmptyDirectory(ulong number) : FileNode
{
    public override ulong Number => number;

    public override FileKind Kind => FileKind.Directory;

    public override int Mode => 0x41ED; // a directory, 0755

    public override uint Uid => 0;

    public override uint Gid => 0;

    public override long Size => 0;

    public override int Read(long offset, Span<byte> buffer) => throw new InvalidOperationException("a directory is not a file");

    public override byte[] ReadLink() => throw new InvalidOperationException("a directory is not a symbolic link");

    public override IEnumerable<DirectoryEntry> List() => [];

    public override FileNode? Find(ReadOnlySpan<byte> name) => null;
}
