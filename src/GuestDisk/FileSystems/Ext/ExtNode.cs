namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>An inode as a file, directory or symbolic link.</summary>
internal sealed class ExtNode(ExtVolume volume, ExtInode inode) : FileNode
{
    private ExtContent? _content;
    private ExtDirectory? _directory;

    /// <inheritdoc/>
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
        return Content("file").Read(offset, buffer);
    }

    /// <inheritdoc/>
    public override byte[] ReadLink()
    {
        Expect(FileKind.Symlink);
        ExtContent content = Content("symbolic link");
        if (inode.Size == 0)
        {
            volume.Corrupt(inode.Structure, "symbolic link without a target");
        }

        if (inode.Size > Limits.MaxSymlinkBytes)
        {
            volume.OverLimit(inode.Structure, $"symbolic link of {inode.Size} bytes, more than {Limits.MaxSymlinkBytes}");
        }

        byte[] target = new byte[inode.Size];
        if (inode.HasBlocks || inode.Has(ExtInodeFlags.InlineData))
        {
            content.Read(0, target);
        }
        else if (inode.Size < ExtInode.BodySize)
        {
            inode.Body.AsSpan(0, target.Length).CopyTo(target);
        }
        else
        {
            volume.Corrupt(inode.Structure, $"symbolic link of {inode.Size} bytes without blocks");
        }

        // A target is a C string to its kernel.
        int end = target.AsSpan().IndexOf((byte)0);
        return end < 0 ? target : target[..end];
    }

    /// <inheritdoc/>
    public override IEnumerable<DirectoryEntry> List()
    {
        Expect(FileKind.Directory);
        return Directory().List();
    }

    /// <inheritdoc/>
    public override FileNode? Find(ReadOnlySpan<byte> name)
    {
        Expect(FileKind.Directory);
        uint number = Directory().Find(name);
        return number == 0 ? null : Open(volume, number);
    }

    /// <summary>The inode of a number that a name led to.</summary>
    public static ExtNode Open(ExtVolume volume, ulong number)
    {
        ExtInode inode = volume.ReadInode(number);
        if (inode.Links == 0 || inode.Has(ExtInodeFlags.EaInode))
        {
            volume.Corrupt(inode.Structure, inode.Links == 0 ? "deleted, though something leads to it" : "holds an attribute, not a file");
        }

        return new ExtNode(volume, inode);
    }

    private ExtDirectory Directory() => _directory ??= new ExtDirectory(volume, inode);

    private ExtContent Content(string what)
    {
        if (inode.Has(ExtInodeFlags.Encrypted))
        {
            volume.Unsupported(inode.Structure, $"the {what} is encrypted");
        }

        return _content ??= new ExtContent(volume, inode);
    }

    private void Expect(FileKind kind)
    {
        if (inode.Kind != kind)
        {
            throw new InvalidOperationException($"inode {inode.Number} is a {inode.Kind}, not a {kind}");
        }
    }
}
