using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;
using AttachRequest = BlockRbd.Xen.AttachRequest;

namespace BlockRbd.Mapper.Attach;

/// <summary>From a target to the one image that it means, which exists and may be used here.</summary>
internal sealed class ImageFinder(Session session, BlockRbdConfig config)
{
    // xen-vbd-interface(7): xvda, hda and sda, however the disk's line spells them (d0, 0xca00).
    private static readonly uint[] FirstDisks = [51712, 768, 2048];

    /// <summary>The target with an image's name in it, whether it had one or not.</summary>
    public RbdTarget Named(CephPool pool, RbdTarget target, AttachRequest request)
    {
        if (!target.IsSearch)
        {
            return target;
        }

        if (!config.SearchesByName(pool.Name))
        {
            throw new MapperException(ExitCode.Usage, $"{target} names no image, and search-by-name is off in {session.Host.Configuration}");
        }

        string? domain = request.Machine.IsSelf ? null : request.Machine.BareName;
        if (domain is null)
        {
            throw new MapperException(
                ExitCode.Usage,
                $"{target} names no image, and whose disk it is can't be known here (a bootloader's attach, a driver domain): write the image's name");
        }

        string image;
        try
        {
            image = ImageSearch.Find(pool, domain, request.VirtualDevice, FirstDisks.Contains(request.Path.DeviceId));
        }
        catch (CephException e) when (e.Fault == CephFault.Conflict)
        {
            throw new MapperException(ExitCode.Usage, e.Message, e); // the target could mean two images: nobody has either
        }

        session.Log.Decision($"{target} is image {image}, found by the domain's name");
        return target with { Image = image };
    }

    /// <summary>The image, which can be used in this way on this host.</summary>
    public ImageInfo Find(CephPool pool, RbdTarget target, AccessMode mode)
    {
        ImageInfo image = ImageLookup.Find(pool, target.Image, target.Snapshot, !mode.IsWritable());
        session.Kernel.RequireUsable(pool, image, target);
        return image;
    }
}
