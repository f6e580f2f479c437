using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Images;

/// <summary>What the target <c>pool:</c> means: the image that is named for the domain.</summary>
public static class ImageSearch
{
    /// <summary>
    /// The name DOMAIN-VDEV, or for the first disk DOMAIN. One RADOS operation for each name that can be meant: the pool isn't listed, and a
    /// part of a name is no match.
    /// </summary>
    /// <param name="pool">Where.</param>
    /// <param name="domain">The domain's name, without what marks a migration.</param>
    /// <param name="vdev">The disk: xvda.</param>
    /// <param name="isFirstDisk">Whether the domain's own name will do.</param>
    /// <exception cref="CephException">There is none, or more than one.</exception>
    public static string Find(CephPool pool, string domain, string vdev, bool isFirstDisk)
    {
        string[] names = isFirstDisk ? [$"{domain}-{vdev}", domain] : [$"{domain}-{vdev}"];
        foreach (string name in names)
        {
            if (TargetText.NameProblem("image", name) is { } problem)
            {
                throw new CephException(CephFault.NotFound, $"no image can be named for this domain: {problem}: name the image in the target");
            }
        }

        string[] found = [.. names.Where(name => ImageLookup.TryFindId(pool, name) is not null)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CephException(
                CephFault.NotFound,
                $"there is no image {string.Join(" or ", names.Select(pool.Show))} for domain {domain}: name the image in the target",
                CephErrno.ENOENT),
            _ => throw new CephException(
                CephFault.Conflict,
                $"both {string.Join(" and ", found.Select(pool.Show))} exist for domain {domain}: name the image in the target",
                CephErrno.EEXIST),
        };
    }
}
