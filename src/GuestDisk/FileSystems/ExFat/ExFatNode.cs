using System.Text;
using BlockRbd.GuestDisk.FileSystems.Fat;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>A file or directory. exFAT has no owners and modes: what Linux shows of a disk that root mounted without options stands here.</summary>
/// <param name="volume">The volume.</param>
/// <param name="file">What its directory says of it; null for the root.</param>
internal sealed class ExFatNode(ExFatVolume volume, ExFatFile? file) : FileNode
{
    /// <summary>The root has no entry; none of another file stands in the first sector.</summary>
    public const ulong RootNumber = 0;

    private FatContent? _content;

    /// <inheritdoc/>
    public override ulong Number => file?.Number ?? RootNumber;

    /// <inheritdoc/>
    public override FileKind Kind => Attributes.Kind();

    /// <inheritdoc/>
    public override int Mode => Attributes.Mode();

    /// <inheritdoc/>
    public override uint Uid => 0;

    /// <inheritdoc/>
    public override uint Gid => 0;

    /// <inheritdoc/>
    public override long Size => Kind == FileKind.Directory ? 0 : file!.Length;

    private FatAttributes Attributes => file?.Attributes ?? FatAttributes.Directory;

    private string Display => file is null ? "/" : GuestPath.Display(Encoding.UTF8.GetBytes(file.Name));

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> buffer)
    {
        Expect(FileKind.File);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int length = (int)Math.Min(buffer.Length, Math.Max(0, Size - offset));
        int valid = (int)Math.Clamp(file!.ValidLength - offset, 0, length); // exFAT 7.6.5: behind it are zeros, whatever the clusters hold
        if (valid > 0)
        {
            _content ??= Content($"exFAT file {Display}");
            _content.Read(offset, buffer[..valid]);
        }

        buffer[valid..length].Clear();
        return length;
    }

    /// <inheritdoc/>
    public override byte[] ReadLink() => throw new InvalidOperationException("exFAT has no symbolic links");

    /// <inheritdoc/>
    public override IEnumerable<DirectoryEntry> List() =>
        Directory().List().Select(entry => new DirectoryEntry(Encoding.UTF8.GetBytes(entry.Name), entry.Number));

    /// <inheritdoc/>
    public override FileNode? Find(ReadOnlySpan<byte> name) => Directory().Find(name) is { } found ? new ExFatNode(volume, found) : null;

    private ExFatDirectory Directory()
    {
        Expect(FileKind.Directory);
        if (file is null)
        {
            return volume.Root();
        }

        string what = $"exFAT directory {Display}";
        if (file.Length > ExFatLimits.MaxDirectoryBytes)
        {
            volume.Corrupt(what, $"{file.Length} bytes; a directory has {ExFatLimits.MaxDirectoryBytes} at most");
        }

        _content ??= Content(what);
        return new ExFatDirectory(volume, Display, _content, file.HasChain);
    }

    private FatContent Content(string what) => file!.HasChain || file.Length == 0
        ? FatContent.OfFile(volume, what, file.FirstCluster, file.Length)
        : volume.Range(what, file.FirstCluster, file.Length);

    private void Expect(FileKind kind)
    {
        if (Kind != kind)
        {
            throw new InvalidOperationException($"{Display} is a {Kind}, not a {kind}");
        }
    }
}
