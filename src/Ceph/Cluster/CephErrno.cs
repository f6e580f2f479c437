namespace BlockRbd.Ceph;

/// <summary>Numbers of Linux errors that Ceph gives a meaning of its own; its calls return them negative.</summary>
internal static class CephErrno
{
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int EIO = 5;
    internal const int EACCES = 13;
    internal const int EBUSY = 16;
    internal const int EEXIST = 17;
    internal const int EINVAL = 22;
    internal const int EROFS = 30;

    /// <summary>The client is on the blocklist.</summary>
    internal const int ESHUTDOWN = 108;

    internal const int ETIMEDOUT = 110;

    /// <summary>A comparison inside an operation didn't hold.</summary>
    internal const int ECANCELED = 125;
}
