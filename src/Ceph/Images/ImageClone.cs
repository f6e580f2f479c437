using System.Security.Cryptography;
using BlockRbd.Ceph.Native;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Images;

/// <summary>Images that are cloned from a snapshot when they are first used.</summary>
/// <remarks>
/// librbd makes a clone in several steps: its name exists before its parent is noted, and whoever opened it then would read zeros. So it is made
/// under a name that nobody looks for, and then renamed: the rename creates the id object of the final name, which fails where that exists.
/// Of two hosts at the same moment one wins there, and the other removes its own. What a killed run leaves is an image of
/// the temporary name, which the caller has recorded.
/// </remarks>
public static class ImageClone
{
    private const string Mark = ".block-rbd-";

    /// <summary>A name for <see cref="Ensure"/>, to be recorded before.</summary>
    public static string NewTemporaryName(string image) => image + Mark + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>Makes the image where it doesn't exist, and checks that it is a child of the snapshot where it does.</summary>
    /// <param name="pool">Where the image is or will be.</param>
    /// <param name="image">Its name.</param>
    /// <param name="source">The snapshot.</param>
    /// <param name="temporaryName">From <see cref="NewTemporaryName"/>.</param>
    /// <param name="log">Told when the image is made.</param>
    /// <exception cref="CephException">It can't be made, or is something else.</exception>
    public static void Ensure(CephPool pool, string image, CloneSource source, string temporaryName, Action<string> log)
    {
        string? id = ImageLookup.TryFindId(pool, image);
        if (id is not null && source.Adopt)
        {
            return;
        }

        using CephPool parentPool = pool.Cluster.OpenPool(source.Pool ?? pool.Name, source.Pool is null ? pool.Namespace : source.Namespace);
        ImageInfo parent = ImageLookup.Find(parentPool, source.Image, source.Snapshot, readOnly: true);
        if (id is null)
        {
            log($"cloning image {pool.Show(image)} from {parent.FullName}");
            Make(pool, image, parentPool, source, temporaryName);
            id = ImageLookup.TryFindId(pool, image) ?? throw MissingImage.Of(pool, image);
        }

        ImageParent wanted = new(parentPool.Id, parentPool.Namespace, parent.Id, parent.Snapshot!.Id);
        if (ImageLookup.Describe(pool, image, id, null, readOnly: true).Parent != wanted && !source.Adopt)
        {
            throw new CephException(
                CephFault.Conflict,
                $"image {pool.Show(image)} exists, but is not a clone of {parent.FullName}: remove or rename it, or allow it with clone-from=...,adopt",
                CephErrno.EEXIST);
        }
    }

    /// <summary>Removes, or brings to its end, what a killed <see cref="Ensure"/> may have left. Nothing being there is no error.</summary>
    /// <exception cref="CephException">It is there and can't be removed.</exception>
    public static void RemoveUnfinished(CephPool pool, string temporaryName)
    {
        int mark = temporaryName.LastIndexOf(Mark, StringComparison.Ordinal);
        string image = mark > 0 ? temporaryName[..mark] : throw new ArgumentException($"{temporaryName} is no temporary name", nameof(temporaryName));
        if (ImageLookup.TryFindId(pool, temporaryName) is not { } id)
        {
            return;
        }

        if (ImageLookup.TryFindId(pool, image) == id)
        {
            // Killed inside the rename: both names lead to the one image, and removing it by either would remove its data.
            FinishRename(pool, temporaryName, image, id);
            return;
        }

        CephCluster.RequireLibrary(Rbd.Library);
        pool.Cluster.Bound();
        int result = Rbd.Remove(pool.Handle, temporaryName);
        if (result is not 0 and not -CephErrno.ENOENT)
        {
            throw pool.Failure(result, $"removing the unfinished clone {pool.Show(temporaryName)}");
        }
    }

    /// <summary>The last two steps of librbd's rename: the directory, then the old name's id object.</summary>
    private static void FinishRename(CephPool pool, string temporaryName, string image, string id)
    {
        // cls/rbd/cls_rbd.cc dir_rename_image: fails where it is done already.
        using WriteOperation directory = new();
        pool.Run(
            directory.AssertExists().Call("rbd", "dir_rename_image", new CephEncoder().Text(temporaryName).Text(image).Text(id).Bytes), ImageObjects.Directory);
        using WriteOperation former = new();
        int result = pool.Run(former.Remove(), ImageObjects.Id(temporaryName));
        if (result is not 0 and not -CephErrno.ENOENT)
        {
            throw pool.Failure(result, $"removing the former name {pool.Show(temporaryName)}");
        }
    }

    private static void Make(CephPool pool, string image, CephPool parentPool, CloneSource source, string temporaryName)
    {
        CephCluster.RequireLibrary(Rbd.Library);
        Rbd.ImageOptionsCreate(out RbdOptionsHandle options);
        using (options)
        {
            // Format 2 needs no protected snapshot; the cluster's own default may be format 1.
            int set = Rbd.ImageOptionsSetUInt64(options, Rbd.RBD_IMAGE_OPTION_CLONE_FORMAT, 2);
            pool.Cluster.Bound();
            int cloned = set < 0 ? set : Rbd.Clone3(parentPool.Handle, source.Image, source.Snapshot, pool.Handle, temporaryName, options);
            if (cloned < 0)
            {
                throw pool.Failure(cloned, $"cloning image {pool.Show(image)}");
            }
        }

        pool.Cluster.Bound();
        int renamed = Rbd.Rename(pool.Handle, temporaryName, image);
        // Another host may have been faster, and its image is the one then. librbd reports that as EEXIST when it looks before it renames, but
        // as success when it finds out in the middle (Operations::rename): only the former name still being there tells.
        RemoveUnfinished(pool, temporaryName);
        if (renamed is < 0 and not -CephErrno.EEXIST)
        {
            throw pool.Failure(renamed, $"naming the clone {pool.Show(image)}");
        }
    }
}
