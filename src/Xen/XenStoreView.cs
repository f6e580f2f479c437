using System.Text;
using BlockRbd.Linux;

namespace BlockRbd.Xen;

/// <summary>
/// The store as one transaction sees it, or as it is now. Paths are absolute, or relative to this domain's own home whatever its number
/// is. Every call ends by <see cref="XenStoreView.Deadline"/>.
/// </summary>
public class XenStoreView
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly uint _transaction;

    internal XenStoreView(XenStoreConnection connection, uint transaction)
    {
        Connection = connection;
        _transaction = transaction;
    }

    /// <summary>When a call must be over.</summary>
    public Deadline Deadline { get; set; }

    private protected XenStoreConnection Connection { get; }

    /// <summary>A node's value, as text.</summary>
    /// <exception cref="XenStoreException">ENOENT where it isn't there, EACCES where it isn't ours to read.</exception>
    public string Read(string path)
    {
        byte[] value = Ask(XenStoreOp.Read, path, PathBytes(path, XenStoreOp.Read));
        try
        {
            return Utf8.GetString(value);
        }
        catch (DecoderFallbackException e)
        {
            throw new XenStoreException("read", path, "the value is not UTF-8", e);
        }
    }

    /// <summary>A node's value, or null where there is no such node.</summary>
    public string? TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (XenStoreException e) when (e.IsMissing)
        {
            return null;
        }
    }

    /// <summary>Sets a node's value; makes the node and its parents where they aren't there.</summary>
    public void Write(string path, string value)
    {
        byte[] node = PathBytes(path, XenStoreOp.Write);
        byte[] bytes = Utf8.GetBytes(value);
        AskForOk(XenStoreOp.Write, path, [.. node, .. bytes]);
    }

    /// <summary>Removes a node and all below it. A node that isn't there is no error where its parent is.</summary>
    public void Remove(string path) => AskForOk(XenStoreOp.Remove, path, PathBytes(path, XenStoreOp.Remove));

    /// <summary>True where the node exists.</summary>
    public bool Exists(string path)
    {
        try
        {
            Ask(XenStoreOp.Read, path, PathBytes(path, XenStoreOp.Read));
            return true;
        }
        catch (XenStoreException e) when (e.IsMissing)
        {
            return false;
        }
    }

    internal void End(bool commit) => AskForOk(XenStoreOp.TransactionEnd, "/", commit ? "T\0"u8 : "F\0"u8);

    private protected byte[] Ask(XenStoreOp op, string path, ReadOnlySpan<byte> payload) =>
        Connection.Ask(op, _transaction, payload, path, Deadline);

    private protected void AskForOk(XenStoreOp op, string path, ReadOnlySpan<byte> payload)
    {
        if (!Ask(op, path, payload).AsSpan().SequenceEqual("OK\0"u8))
        {
            throw new XenStoreException(op.Word(), path, "neither OK nor an error");
        }
    }

    private static byte[] PathBytes(string path, XenStoreOp op)
    {
        if (!XenStorePath.IsValid(path))
        {
            throw new XenStoreException(op.Word(), Printable(path), "not a path of xenstore");
        }

        return [.. Encoding.ASCII.GetBytes(path), 0];
    }

    private static string Printable(string path) =>
        string.Concat(path.Take(200).Select(static c => char.IsControl(c) ? '?' : c)) is { Length: > 0 } text ? text : "''";
}
