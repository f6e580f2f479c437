using System.Globalization;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootConfig;

/// <summary>A volume of a real disk as a boot loader sees it. Paths are Latin-1 strings, one character for each byte.</summary>
public sealed class GuestBootVolume : IBootVolume
{
    /// <summary>Names that are listed of one directory: a boot configuration's directories hold a few dozen.</summary>
    private const int MaxListedNames = 100_000;

    internal GuestBootVolume(GuestVolume guest)
    {
        Guest = guest;
        string disk = guest.Assembled ?? string.Create(CultureInfo.InvariantCulture, $"hd{guest.DiskIndex}");
        string partition = guest.Partition is { } inside ? $",{inside.GrubName}" : "";
        GrubName = disk + partition;
        OtherNames = [.. guest.OtherNames.Select(name => name + partition)];
    }

    /// <summary>The volume itself, for whoever copies files out of it.</summary>
    public GuestVolume Guest { get; }

    /// <inheritdoc/>
    public string GrubName { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> OtherNames { get; }

    /// <inheritdoc/>
    public bool IsLoop { get; private init; }

    /// <inheritdoc/>
    public string FileSystem => Guest.FileSystem?.GrubName ?? string.Empty;

    /// <inheritdoc/>
    public string Label => Guest.FileSystem is { } fileSystem ? GuestText.FromBytes(fileSystem.Label) : string.Empty;

    /// <inheritdoc/>
    public string Uuid => Guest.FileSystem?.Uuid ?? string.Empty;

    /// <inheritdoc/>
    public string PartitionUuid => Guest.Partition?.Uuid ?? string.Empty;

    /// <inheritdoc/>
    public string PartitionType => Guest.Partition?.Type ?? string.Empty;

    /// <inheritdoc/>
    public bool IsActive => Guest.Partition is { Scheme: "msdos", Attributes: var indicator } && (indicator & 0x80) != 0;

    /// <inheritdoc/>
    public IReadOnlyList<string> Subvolumes => Guest.FileSystem is { } fileSystem ? [.. fileSystem.Subvolumes.Select(path => GuestText.FromBytes(path))] : [];

    /// <inheritdoc/>
    public string DefaultSubvolume => Guest.FileSystem?.DefaultSubvolume is [_, ..] path ? GuestText.FromBytes(path) : string.Empty;

    /// <inheritdoc/>
    public string? Unreadable => Guest.Unreadable;

    /// <inheritdoc/>
    public BootFileStat? Stat(string path) => Resolve(path) switch
    {
        { Kind: FileKind.Directory } => new BootFileStat(IsDirectory: true, Size: 0),
        { Kind: FileKind.File } file => new BootFileStat(IsDirectory: false, file.Size),
        _ => null, // A device or a socket is nothing that can be booted from.
    };

    /// <inheritdoc/>
    public byte[]? ReadFile(string path, int maxBytes)
    {
        if (Resolve(path) is not { Kind: FileKind.File } file)
        {
            return null;
        }

        if (file.Size > maxBytes)
        {
            throw Fault(ImageFault.OverLimit, path, $"holds {file.Size} bytes; {maxBytes} are the most that are read of it");
        }

        byte[] bytes = new byte[(int)file.Size];
        int read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : throw Fault(ImageFault.Truncated, path, $"ends after {read} of {bytes.Length} bytes");
    }

    /// <inheritdoc/>
    public byte[]? ReadPart(string path, long offset, int count)
    {
        if (Resolve(path) is not { Kind: FileKind.File } file)
        {
            return null;
        }

        byte[] bytes = new byte[(int)Math.Clamp(file.Size - offset, 0, count)];
        int read = file.Read(offset, bytes);
        return read == bytes.Length ? bytes : throw Fault(ImageFault.Truncated, path, $"ends after {offset + read} of {file.Size} bytes");
    }

    /// <inheritdoc/>
    public byte[]? ReadSectors(long offset, int count) => Guest.Source?.ReadExactly(offset, count);

    /// <inheritdoc/>
    public IReadOnlyList<IBootVolume>? OpenAsDisk(DiskContent content, string name)
    {
        string shown = GuestText.Display($"({GrubName}){content.Name}");
        if (content.Pieces.Count > 0)
        {
            return [.. GuestDiskSet.OpenPieces(Guest, content.Pieces, name, shown).Select(volume => new GuestBootVolume(volume) { IsLoop = true })];
        }

        return Resolve(content.Name) is { Kind: FileKind.File } file
            ? [.. GuestDiskSet.OpenFile(file, name, shown).Select(volume => new GuestBootVolume(volume) { IsLoop = true })]
            : throw Fault(ImageFault.Truncated, content.Name, "is no regular file");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string>? List(string path)
    {
        if (Resolve(path) is not { Kind: FileKind.Directory } directory)
        {
            return null;
        }

        List<string> names = [];
        foreach (DirectoryEntry entry in directory.List())
        {
            if (names.Count == MaxListedNames)
            {
                throw Fault(ImageFault.OverLimit, path, $"more than {MaxListedNames} names");
            }

            names.Add(GuestText.FromBytes(entry.Name.Span));
        }

        return names;
    }

    /// <summary>The inode of a path, or null where there is none, or too many symbolic links are on the way.</summary>
    public FileNode? Resolve(string path)
    {
        if (Guest.FileSystem is not { } fileSystem)
        {
            return null;
        }

        try
        {
            return GuestPath.TryResolve(fileSystem, GuestText.ToBytes(path));
        }
        catch (GuestPathException)
        {
            return null; // As GRUB: "too deep nesting of symlinks" is a file that isn't there.
        }
    }

    private ImageFormatException Fault(ImageFault fault, string path, string problem) =>
        new(fault, GuestText.Display(path), $"({GrubName})", -1, problem);
}
