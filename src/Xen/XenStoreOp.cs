namespace BlockRbd.Xen;

/// <summary>Message types (enum xsd_sockmsg_type of xs_wire.h), those that are used here.</summary>
internal enum XenStoreOp : uint
{
    Directory = 1,
    Read = 2,
    GetPermissions = 3,
    TransactionStart = 6,
    TransactionEnd = 7,
    Write = 11,
    MkDir = 12,
    Remove = 13,
    WatchEvent = 15,
    Error = 16,
    DirectoryPart = 22,
}

/// <summary>The words for them in messages.</summary>
internal static class XenStoreOps
{
    public static string Word(this XenStoreOp op) => op switch
    {
        XenStoreOp.Directory or XenStoreOp.DirectoryPart => "directory",
        XenStoreOp.Read => "read",
        XenStoreOp.GetPermissions => "get-perms",
        XenStoreOp.TransactionStart => "transaction-start",
        XenStoreOp.TransactionEnd => "transaction-end",
        XenStoreOp.Write => "write",
        XenStoreOp.MkDir => "mkdir",
        XenStoreOp.Remove => "rm",
        XenStoreOp.WatchEvent => "watch-event",
        _ => "error",
    };
}
