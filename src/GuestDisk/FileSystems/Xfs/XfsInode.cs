namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>A file, directory, symbolic link or special file of an XFS filesystem.</summary>
internal sealed class XfsInode : FileNode
{
    private readonly XfsFileSystem _fileSystem;
    private readonly XfsVolume _volume;
    private readonly XfsInodeCore _core;
    private XfsExtentMap? _map;

    /// <exception cref="ImageFormatException">No such inode, or corruption.</exception>
    public XfsInode(XfsFileSystem fileSystem, XfsVolume volume, ulong number)
    {
        _fileSystem = fileSystem;
        _volume = volume;
        _core = XfsInodeCore.Read(volume, number);
    }

    public override ulong Number => _core.Number;

    public override FileKind Kind => _core.Kind;

    public override int Mode => _core.Mode;

    public override uint Uid => _core.Uid;

    public override uint Gid => _core.Gid;

    public override long Size => _core.Size;

    private XfsExtentMap Map => _map ??= new XfsExtentMap(_volume, _core);

    public override int Read(long offset, Span<byte> buffer)
    {
        Require(FileKind.File);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (_core.IsRealtime)
        {
            bool isZoned = _volume.Superblock.Incompat.HasFlag(XfsIncompat.Zoned);
            throw new ImageFormatException(
                ImageFault.Unsupported, XfsInodeCore.StructureName, _volume.SourceName, _core.Offset,
                $"inode {Number}: keeps its data in the{(isZoned ? " zoned" : "")} realtime section, which is not read");
        }

        if (offset >= Size)
        {
            return 0;
        }

        int length = (int)Math.Min(buffer.Length, Size - offset);
        XfsFileReader.Read(_volume, Map, offset, buffer[..length]);
        return length;
    }

    public override byte[] ReadLink()
    {
        Require(FileKind.Symlink);
        return XfsSymlink.Read(_volume, _core);
    }

    public override IEnumerable<DirectoryEntry> List()
    {
        Require(FileKind.Directory);
        return _core.Format == XfsForkFormat.Local
            ? XfsShortDirectory.Parse(_volume, _core)
            : new XfsDirectory(_volume, _core, Map).List();
    }

    public override FileNode? Find(ReadOnlySpan<byte> name)
    {
        Require(FileKind.Directory);
        ulong? number = _core.Format == XfsForkFormat.Local
            ? XfsNames.FindIn(_volume.Superblock, XfsShortDirectory.Parse(_volume, _core), name)
            : new XfsDirectory(_volume, _core, Map).Find(name);
        return number is ulong found ? _fileSystem.GetNode(found) : null;
    }

    private void Require(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"inode {Number} is a {Kind}, not a {kind}");
        }

        if (_volume.IsExchanging(Number))
        {
            throw new ImageFormatException(
                ImageFault.Unsupported, XfsInodeCore.StructureName, _volume.SourceName, _core.Offset,
                $"inode {Number}: the crash was while its contents were exchanged with another's; mount the filesystem once");
        }
    }
}
