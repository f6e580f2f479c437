namespace BlockRbd.GuestDisk.FileSystems.SquashFs;

/// <summary>A file, directory, symbolic link or special file.</summary>
internal sealed class SquashFsNode(SquashFsVolume volume, SquashFsInode inode) : FileNode
{
    private SquashFsContent? _content;

    /// <summary>The inode's reference: its place, and so its own.</summary>
    public override ulong Number => inode.Number;

    /// <inheritdoc/>
    public override FileKind Kind => inode.Kind;

    /// <inheritdoc/>
    public override int Mode => inode.Mode;

    /// <inheritdoc/>
    public override uint Uid => inode.Uid;

    /// <inheritdoc/>
    public override uint Gid => inode.Gid;

    /// <inheritdoc/>
    public override long Size => inode.Size;

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        Expect(FileKind.File);
        _content ??= new SquashFsContent(volume, inode);
        return _content.Read(offset, buffer);
    }

    /// <inheritdoc/>
    public override byte[] ReadLink()
    {
        Expect(FileKind.Symlink);
        if (inode.Size is 0 or > Limits.MaxSymlinkBytes)
        {
            ImageFault fault = inode.Size == 0 ? ImageFault.Corrupt : ImageFault.OverLimit;
            volume.Throw(fault, SquashFsInode.StructureName, -1, $"0x{inode.Number:x} is a symbolic link of {inode.Size} bytes");
        }

        SquashFsCursor target = inode.Rest;
        return target.ReadBytes((int)inode.Size);
    }

    /// <inheritdoc/>
    public override IEnumerable<DirectoryEntry> List()
    {
        Expect(FileKind.Directory);
        return new SquashFsDirectory(volume, inode).List();
    }

    /// <inheritdoc/>
    public override FileNode? Find(ReadOnlySpan<byte> name)
    {
        Expect(FileKind.Directory);
        return new SquashFsDirectory(volume, inode).Find(name) is { } number ? new SquashFsNode(volume, SquashFsInode.Read(volume, number)) : null;
    }

    private void Expect(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"inode 0x{inode.Number:x} is a {Kind}, not a {kind}");
        }
    }
}
