namespace BlockRbd.Xen;

/// <summary>Message types (enum xsd_sockmsg_type of xs_wire.h), those that are used here.</summary>
internal enum XenStoreOp : uint
{
    Read = 2,
    TransactionStart = 6,
    TransactionEnd = 7,
    Write = 11,
    Remove = 13,
    WatchEvent = 15,
    Error = 16,
}

/// <summary>The words for them in messages.</summary>
internal static class XenStoreOps
{
    public static string Word(this XenStoreOp op) => op switch
    {
        XenStoreOp.Read => "read",
        XenStoreOp.TransactionStart => "transaction-start",
        XenStoreOp.TransactionEnd => "transaction-end",
        XenStoreOp.Write => "write",
        XenStoreOp.Remove => "rm",
        XenStoreOp.WatchEvent => "watch-event",
        _ => "error",
    };
}
