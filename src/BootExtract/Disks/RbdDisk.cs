using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Mappings;
using BlockRbd.Ceph.Targets;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;

namespace BlockRbd.BootExtract.Disks;

/// <summary>An image of a cluster as a guest's disk: the device that this host has of it, else the image itself.</summary>
/// <param name="host">Where devices are looked for.</param>
/// <param name="note">Told what a person should know although all goes well.</param>
internal sealed class RbdDisk(RbdHost host, Action<string> note)
{
    /// <summary>How long the cluster may take for opening an image, and for one read, where the target's timeout= says nothing.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Opens it.</summary>
    /// <param name="target">The image, with the host's defaults.</param>
    /// <exception cref="ExtractException">It can't be; says what would help.</exception>
    public BlockSource Open(RbdTarget target)
    {
        if (target.IsSearch)
        {
            throw new ExtractException(ExitCode.Usage, $"{target} names no image, and whose disk it is can't be known here: write the image's name");
        }

        try
        {
            return OpenInCluster(target);
        }
        catch (CephException e)
        {
            // Who may not log in may still have been given the device. Not where the cluster is silent: reading the device would hang.
            return e.Fault is CephFault.LibraryMissing or CephFault.Configuration or CephFault.Authentication or CephFault.NotPermitted
                && OpenByName(target, e) is { } device
                    ? device
                    : throw new ExtractException(ExitCode.InputError, $"{target.Name}: can't open: {e.Message}", e);
        }
    }

    private BlockSource OpenInCluster(RbdTarget target)
    {
        TimeSpan patience = target.Options.Timeout ?? Patience;
        CephCluster cluster = CephCluster.Connect(target.Options, Deadline.After(patience));
        CephPool? pool = null;
        BlockSource? source = null;
        try
        {
            pool = cluster.OpenPool(target.Pool, target.Namespace);
            ImageInfo image = ImageLookup.Find(pool, target.Image, target.Snapshot, readOnly: true);
            // By fsid and id: of a device that doesn't tell them (rbd-nbd, Linux before 4.11) it isn't certain whose image it shows.
            FileSource? device = OpenMapped(mapped => mapped.ClusterFsid is not null && mapped.ImageId is not null && mapped.Shows(cluster.Fsid, image));
            if (device is not null)
            {
                return device;
            }

            source = RbdImageSource.Open(pool, target.Image, target.Snapshot, patience);
            return source;
        }
        finally
        {
            if (source is null)
            {
                pool?.Dispose();
                cluster.Dispose();
            }
        }
    }

    /// <summary>The device by the image's name alone: where the cluster can't be asked, but it is certain which cluster is meant.</summary>
    private FileSource? OpenByName(RbdTarget target, CephException reason)
    {
        Guid? fsid = reason.Fault is CephFault.LibraryMissing or CephFault.Configuration ? null : CephCluster.ConfiguredFsid(target.Options);
        FileSource? device = fsid is null
            ? OpenLink(target)
            : OpenMapped(mapped => mapped.ClusterFsid == fsid && mapped.FullName == target.Name);
        if (device is not null)
        {
            note($"{target.Name}: taking {device.Name}, which has the image's name, because the cluster can't be asked: {reason.Message}");
        }

        return device;
    }

    /// <summary>udev's link. It knows no clusters, so only where the target names none of its own.</summary>
    private FileSource? OpenLink(RbdTarget target)
    {
        TargetOptions options = target.Options;
        bool ownCluster = options.Conf is not null || options.Cluster is not null || options.ClientSettings.Count > 0;
        string link = Path.Combine(host.Paths.Dev, "rbd", target.Name);
        return !ownCluster && Path.Exists(link) ? FileSource.Open(link) : null;
    }

    private FileSource? OpenMapped(Func<MappedImage, bool> isMeant)
    {
        KernelMapping kernel = new(host.Paths, static _ => { });
        foreach (MappedImage mapped in kernel.List().Where(isMeant))
        {
            FileSource source;
            try
            {
                source = FileSource.Open(mapped.Device);
            }
            catch (GuestDisk.SourceReadException) when (!kernel.List().Any(mapped.IsSame))
            {
                continue; // just unmapped
            }

            // An open device can't be unmapped: what it is now it stays.
            if (kernel.List().Any(mapped.IsSame))
            {
                return source;
            }

            source.Dispose();
        }

        return null;
    }
}
