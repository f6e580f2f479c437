namespace BlockRbd.Ceph.Images;

/// <summary>Names of an image's objects in RADOS, cls/rbd/cls_rbd_types.h and include/rbd_types.h.</summary>
internal static class ImageObjects
{
    /// <summary>Holds the image's id: RBD_ID_PREFIX.</summary>
    public static string Id(string name) => "rbd_id." + name;

    /// <summary>Holds the description of an image: RBD_HEADER_PREFIX.</summary>
    public static string Header(string id) => "rbd_header." + id;

    /// <summary>Holds the description of an image of format 1: RBD_SUFFIX.</summary>
    public static string OldHeader(string name) => name + ".rbd";

    /// <summary>Lists a pool's namespaces, in its default one: RBD_NAMESPACE; keys are name_NAMESPACE.</summary>
    public const string Namespaces = "rbd_namespace";

    /// <summary>Lists a pool's images: RBD_DIRECTORY; keys are name_NAME and id_ID.</summary>
    public const string Directory = "rbd_directory";

    /// <summary>Keys of the header that describe snapshots.</summary>
    public const string SnapshotPrefix = "snapshot_";
}
