using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.MenuLstGen.Guest.Mounted;

namespace BlockRbd.MenuLstGen.Guest;

/// <summary>The guest that the command line names, open.</summary>
internal sealed class OpenGuest : IDisposable
{
    private readonly List<BlockSource> _disks;

    private OpenGuest(IBootHost host, List<BlockSource> disks)
    {
        Host = host;
        _disks = disks;
    }

    /// <summary>Its volumes.</summary>
    public IBootHost Host { get; }

    /// <summary>Opens it.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="note">Told what isn't certain.</param>
    /// <exception cref="GenException">It can't be known which partition PV-GRUB sees.</exception>
    /// <exception cref="SourceReadException">A disk can't be opened.</exception>
    public static OpenGuest Open(GenRequest request, Action<string> note)
    {
        if (request.Root is { } root)
        {
            return new OpenGuest(DirectoryHost.Open(root, request, HostSystem.Default, note), []);
        }

        List<BlockSource> disks = [];
        try
        {
            foreach (string image in request.Images)
            {
                disks.Add(OpenImage(image));
            }

            return new OpenGuest(new GuestBootHost(GuestDiskSet.Open(disks)), disks);
        }
        catch
        {
            disks.ForEach(static disk => disk.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        _disks.ForEach(static disk => disk.Dispose());
        (Host as IDisposable)?.Dispose();
    }

    private static FileSource OpenImage(string image)
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
