namespace BlockRbd.Xen;

/// <summary>The protocol's own sizes (xs_wire.h) and the ceilings of this client.</summary>
public static class XenStoreLimits
{
    /// <summary>XENSTORE_PAYLOAD_MAX: bytes after a header, in both directions. A daemon drops whoever sends more.</summary>
    public const int MaxPayload = 4096;

    /// <summary>XENSTORE_ABS_PATH_MAX.</summary>
    public const int MaxAbsolutePath = 3072;

    /// <summary>XENSTORE_REL_PATH_MAX.</summary>
    public const int MaxRelativePath = 2048;

    /// <summary>Watch events that are passed over while an answer is awaited; we set no watches, so one is already odd.</summary>
    public const int MaxUnaskedMessages = 64;

    /// <summary>How often a transaction is begun again after EAGAIN. Its deadline usually ends it sooner.</summary>
    public const int MaxTransactionTries = 100;
}
