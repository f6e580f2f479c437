using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>Every filesystem that can be read. A new one is its folder and a line here.</summary>
public static class FileSystemTable
{
    private static readonly IReadOnlyList<FileSystemKind> All =
    [
        new("ext2/ext3/ext4", Ext.ExtFileSystem.Open),
        new("XFS", Xfs.XfsFileSystem.Open) { OpenOneOfSeveral = Xfs.XfsFileSystem.OpenOneOfSeveral },
        new("Btrfs", Btrfs.BtrfsFileSystem.Open) { OpenOneOfSeveral = Btrfs.BtrfsFileSystem.OpenOneOfSeveral },
        new("exFAT", ExFat.ExFatFileSystem.Open),
        new("FAT", Fat.FatFileSystem.Open),
        new("ISO 9660", Iso9660.Iso9660FileSystem.Open),
        new("SquashFS", SquashFs.SquashFsFileSystem.Open),
    ];

    /// <summary>Opens whatever filesystem <paramref name="source"/> holds.</summary>
    /// <exception cref="ImageFormatException">
    /// No format recognizes it (<see cref="ImageFault.NotRecognized"/>, naming what was looked for), or the one that does can't read it.
    /// </exception>
    public static GuestFileSystem Open(BlockSource source)
    {
        foreach (FileSystemKind kind in All)
        {
            try
            {
                return kind.Open(source);
            }
            catch (ImageFormatException e) when (e.Fault == ImageFault.NotRecognized)
            {
            }
        }

        string known = string.Join(", ", All.Select(kind => kind.Name));
        throw new ImageFormatException(ImageFault.NotRecognized, "filesystem", source.Name, -1, $"none that can be read here ({known})");
    }

    /// <summary>Opens a filesystem that has several devices, of which <paramref name="source"/> is one; null where it holds none.</summary>
    /// <param name="source">One device.</param>
    /// <param name="others">Every other volume of the guest, whatever it holds.</param>
    /// <exception cref="ImageFormatException">It holds one, which can't be read.</exception>
    internal static GuestFileSystem? OpenOneOfSeveral(BlockSource source, IReadOnlyList<BlockSource> others)
    {
        foreach (FileSystemKind kind in All)
        {
            if (kind.OpenOneOfSeveral?.Invoke(source, others) is { } fileSystem)
            {
                return fileSystem;
            }
        }

        return null;
    }
}
