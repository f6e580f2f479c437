using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.MenuLstGen.Guest.Mounted;

namespace BlockRbd.MenuLstGen.Guest;

/// <summary>The guest that the command line names, open.</summary>
internal sealed class OpenGuest : IDisposable
{
    private OpenGuest(IBootHost host) => Host = host;

    /// <summary>Its volumes.</summary>
    public IBootHost Host { get; }

    /// <summary>A guest that is mounted, or that this is.</summary>
    /// <param name="root">Its root directory.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="note">Told what isn't certain.</param>
    /// <exception cref="GenException">It can't be known which partition PV-GRUB sees.</exception>
    public static OpenGuest OfRoot(string root, GenRequest request, Action<string> note) => new(DirectoryHost.Open(root, request, HostSystem.Default, note));

    /// <summary>A guest's disks.</summary>
    public static OpenGuest OfDisks(IReadOnlyList<BlockSource> disks) => new(new GuestBootHost(GuestDiskSet.Open(disks)));

    public void Dispose() => (Host as IDisposable)?.Dispose();

    /// <summary>Opens a file or device that is one of its disks.</summary>
    /// <exception cref="GenException">It can be none.</exception>
    /// <exception cref="SourceReadException">It can't be opened.</exception>
    public static FileSource OpenImage(string image)
    {
        if (Directory.Exists(image))
        {
            throw new GenException(ExitCode.Usage, $"{image} is a directory: give it as --root={image}");
        }

        if (!Path.Exists(image) && image.Contains(':', StringComparison.Ordinal))
        {
            throw new GenException(ExitCode.InputError, $"{image}: no such file; an image of a cluster is read through its device (rbd map), or with pygrub-rbd");
        }

        return FileSource.Open(image);
    }
}
