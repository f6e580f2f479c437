namespace BlockRbd.Ceph.Images;

/// <summary>Who has an image open.</summary>
public static class ImageWatchers
{
    /// <summary>The watchers. Costs librbd's whole open: for rare questions and for people.</summary>
    /// <param name="pool">The image's pool.</param>
    /// <param name="imageId">Its id.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="CephException">The cluster can't be asked.</exception>
    public static IReadOnlyList<ImageWatcher> List(CephPool pool, string imageId, string name)
    {
        using RbdImage image = RbdImage.OpenById(pool, imageId, name);
        return image.Watchers();
    }
}
