namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>A file or directory. FAT has no owners and modes: what Linux shows of a disk that root mounted without options stands here.</summary>
internal sealed class FatNode(FatVolume volume, FatFile file) : FileNode
{
    private FatContent? _content;

    /// <inheritdoc/>
    public override ulong Number => file.Number;

    /// <inheritdoc/>
    public override FileKind Kind => file.Attributes.Kind();

    /// <inheritdoc/>
    public override int Mode => file.Attributes.Mode();

    /// <inheritdoc/>
    public override uint Uid => 0;

    /// <inheritdoc/>
    public override uint Gid => 0;

    /// <inheritdoc/>
    public override long Size => Kind == FileKind.Directory ? 0 : file.Size;

    private bool IsRoot => file.Number == FatFileSystem.RootNumber;

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        Expect(FileKind.File);
        _content ??= FatContent.OfFile(volume, $"FAT file {Display}", file.FirstCluster, file.Size);
        return _content.Read(offset, buffer);
    }

    /// <inheritdoc/>
    public override byte[] ReadLink() => throw new InvalidOperationException("FAT has no symbolic links");

    /// <inheritdoc/>
    public override IEnumerable<DirectoryEntry> List() => Directory().List().Select(entry => new DirectoryEntry(entry.Name, entry.Number));

    /// <inheritdoc/>
    public override FileNode? Find(ReadOnlySpan<byte> name) => Directory().Find(name) is { } found ? new FatNode(volume, found) : null;

    private string Display => GuestPath.Display(file.Name);

    internal FatDirectory Directory()
    {
        Expect(FileKind.Directory);
        string what = IsRoot ? "FAT root directory" : $"FAT directory {Display}";
        _content ??= IsRoot && volume.Boot.Width != FatWidth.Fat32
            ? FatContent.OfRange(volume, volume.Boot.RootStart, volume.Boot.RootBytes)
            : FatContent.OfDirectory(volume, what, file.FirstCluster, FatLimits.MaxDirectoryBytes);
        return new FatDirectory(volume, _content);
    }

    private void Expect(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"{Display} is a {Kind}, not a {kind}");
        }
    }
}
