namespace BlockRbd.Xen;

/// <summary>
/// xenstore refused, did not answer in time, or answered nonsense. The message is "xenstore OPERATION PATH: ERROR", where ERROR is the
/// daemon's own word (ENOENT, EACCES ...) or what was wrong.
/// </summary>
public sealed class XenStoreException : IOException
{
    /// <summary>Says what was asked, of which node, and how it ended.</summary>
    /// <param name="operation">read, write, connect ...</param>
    /// <param name="path">The node, or the socket.</param>
    /// <param name="error">The daemon's word or a few of ours.</param>
    /// <param name="inner">The cause, if any.</param>
    public XenStoreException(string operation, string path, string error, Exception? inner = null)
        : base($"xenstore {operation} {path}: {error}", inner)
    {
        Operation = operation;
        Path = path;
        Error = error;
    }

    /// <summary>What was asked.</summary>
    public string Operation { get; }

    /// <summary>The node that it was asked of.</summary>
    public string Path { get; }

    /// <summary>An errno name as the daemon spells it, or words for what this client found.</summary>
    public string Error { get; }

    /// <summary>The node does not exist.</summary>
    public bool IsMissing => Error == "ENOENT";

    /// <summary>The node exists and this domain may not see it.</summary>
    public bool IsDenied => Error == "EACCES";
}
