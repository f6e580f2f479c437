using BlockRbd.Ceph;
using BlockRbd.Ceph.Images;
using BlockRbd.Ceph.Targets;
using AttachRequest = BlockRbd.Xen.AttachRequest;

namespace BlockRbd.Mapper.Attach;

/// <summary>From a target to the one image that it means, which exists and may be used here.</summary>
internal sealed class ImageFinder(Session session, BlockRbdConfig config)
{
    // The first disk's usual names, and their numbers where xl was given none: xvda, hda and sda.
    private static readonly string[] FirstDisks = ["xvda", "hda", "sda", "vda", "51712", "768", "2048"];

    /// <summary>Finds it, makes it where the target says from what, and checks it.</summary>
    /// <returns>The target with the image's name in it, and the image.</returns>
    public (RbdTarget Target, ImageInfo Image) Find(CephPool pool, RbdTarget target, AccessMode mode, AttachRequest request)
    {
        if (target.IsSearch)
        {
            target = target with { Image = Search(pool, target, request) };
        }

        ImageInfo image = ImageLookup.Find(pool, target.Image, target.Snapshot, !mode.IsWritable());
        return (target, image);
    }

    // target=pool: means NAME-VDEV; NAME alone is an old habit for a machine with one disk, and only safe while it can't mean another.
    private string Search(CephPool pool, RbdTarget target, AttachRequest request)
    {
        if (!config.SearchesByName(pool.Name))
        {
            throw new MapperException(ExitCode.Usage, $"{target} names no image, and search-by-name is off in {session.Host.Configuration}");
        }

        string? name = request.Machine.IsSelf ? null : request.Machine.BareName;
        if (name is null)
        {
            throw new MapperException(
                ExitCode.Usage,
                $"{target} names no image, and whose disk it is can't be known here (a bootloader's attach, a driver domain): write the image's name");
        }

        string own = $"{name}-{request.VirtualDevice}";
        bool isFirst = FirstDisks.Contains(request.VirtualDevice);
        string[] found = [.. ((string[])[own, .. isFirst ? (string[])[name] : []]).Where(n => IsImage(pool, n))];
        if (found.Length == 0)
        {
            throw new MapperException(
                ExitCode.NotFound,
                isFirst ? $"pool {pool.Name} has neither an image {own} nor {name}" : $"pool {pool.Name} has no image {own}");
        }

        if (found.Length > 1)
        {
            throw new MapperException(ExitCode.Usage, $"{target} could mean {own} or {name}: write the image's name");
        }

        session.Log.Decision($"{target} is image {found[0]}, found by the domain's name");
        return found[0];
    }

    private static bool IsImage(CephPool pool, string name) =>
        TargetText.NameProblem("image", name) is null && ImageLookup.TryFindId(pool, name) is not null;
}
