namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>A file or directory. Where there is no Rock Ridge, owner and mode are what Linux shows of a disc mounted without options.</summary>
internal sealed class IsoNode(IsoVolume volume, IsoFile file) : FileNode
{
    private const int TypeBits = 0xF000;
    private const int FileType = 0x8000;
    private const int DirectoryType = 0x4000;
    private const int SymlinkType = 0xA000;
    private const int ReadableByAll = 0x16D; // 0555: isofs_read_inode

    private IsoContent? _content;
    private ZisofsContent? _unpacked;

    /// <inheritdoc/>
    public override ulong Number => (ulong)file.Offset;

    /// <inheritdoc/>
    public override FileKind Kind => (Mode & TypeBits) switch
    {
        FileType => FileKind.File,
        DirectoryType => FileKind.Directory,
        SymlinkType => FileKind.Symlink,
        _ => FileKind.Special,
    };

    /// <inheritdoc/>
    public override int Mode
    {
        get
        {
            bool isRelocated = file.Posix?.ChildBlock is not null; // recorded as a file, and stands for a directory
            int type = isRelocated || file.Flags.HasFlag(IsoFlags.Directory) ? DirectoryType : FileType;
            int mode = file.Posix?.Mode ?? (type | ReadableByAll);
            return isRelocated ? (mode & ~TypeBits) | DirectoryType : mode;
        }
    }

    /// <inheritdoc/>
    public override uint Uid => file.Posix?.Uid ?? 0;

    /// <inheritdoc/>
    public override uint Gid => file.Posix?.Gid ?? 0;

    /// <inheritdoc/>
    public override long Size => Kind switch
    {
        FileKind.File => file.Posix?.Packing?.Size ?? Content.Length,
        FileKind.Symlink => file.Posix?.Link?.Length ?? 0,
        _ => 0,
    };

    private IsoContent Content => _content ??= new IsoContent(volume, file.Sections);

    private string Display => $"ISO 9660 file {GuestPath.Display(file.Name)}";

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        Expect(FileKind.File);
        if (file.IsInterleaved)
        {
            volume.Throw(ImageFault.Unsupported, Display, "interleaved with other files, which can't be read here (nor by Linux)");
        }

        if (file.Posix is { IsSparse: true })
        {
            volume.Throw(ImageFault.Unsupported, Display, "recorded as a sparse file (SF), which can't be read here (nor by Linux)");
        }

        if (file.Posix?.Packing is not { } packing)
        {
            return Content.Read(offset, buffer);
        }

        _unpacked ??= new ZisofsContent(volume, Display, Content, packing);
        return _unpacked.Read(offset, buffer);
    }

    /// <inheritdoc/>
    public override byte[] ReadLink()
    {
        Expect(FileKind.Symlink);
        if (file.Posix?.Link is not { } link)
        {
            volume.Throw(ImageFault.Corrupt, Display, "a symbolic link without a target (SL)");
            return [];
        }

        return link;
    }

    /// <inheritdoc/>
    public override IEnumerable<DirectoryEntry> List() => Directory().List().Select(entry => new DirectoryEntry(entry.Name, (ulong)entry.Offset));

    /// <inheritdoc/>
    public override FileNode? Find(ReadOnlySpan<byte> name) => Directory().Find(name) is { } found ? new IsoNode(volume, found) : null;

    private IsoDirectory Directory()
    {
        Expect(FileKind.Directory);
        return new IsoDirectory(volume, file.Posix?.ChildBlock is { } child ? Relocated(child) : file.Sections[0]);
    }

    /// <summary>The directory that this place stands for: its own first record says how long it is.</summary>
    private IsoSection Relocated(uint block)
    {
        long start = (long)block * volume.BlockBytes;
        int length = (int)Math.Clamp(volume.Source.Length - start, IsoRecord.MinBytes, IsoRecord.MaxBytes);
        IsoRecord self = IsoRecord.Read(volume.Source.Name, start, volume.Source.ReadExactly(start, length));
        if (!self.IsDotOrDotDot || self.Section(volume.BlockBytes).Start != start)
        {
            volume.Throw(ImageFault.Corrupt, Display, $"stands for the directory in block {block} (CL), where none begins");
        }

        return self.Section(volume.BlockBytes);
    }

    private void Expect(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"{Display} is a {Kind}, not a {kind}");
        }
    }
}
