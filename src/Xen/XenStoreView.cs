using System.Globalization;
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

    /// <summary>Makes a node, empty where it is new, untouched where it isn't.</summary>
    public void MakeDirectory(string path) => AskForOk(XenStoreOp.MkDir, path, PathBytes(path, XenStoreOp.MkDir));

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

    /// <summary>The names of a node's children.</summary>
    public IReadOnlyList<string> List(string path)
    {
        byte[] node = PathBytes(path, XenStoreOp.Directory);
        try
        {
            return Strings(Ask(XenStoreOp.Directory, path, node), XenStoreOp.Directory, path);
        }
        catch (XenStoreException e) when (e.Error == "E2BIG")
        {
            return ListInParts(path, node);
        }
    }

    /// <summary>Who may do what with a node: the owner first.</summary>
    public IReadOnlyList<XenStoreAccess> GetPermissions(string path)
    {
        List<XenStoreAccess> permissions = [];
        byte[] answer = Ask(XenStoreOp.GetPermissions, path, PathBytes(path, XenStoreOp.GetPermissions));
        foreach (string word in Strings(answer, XenStoreOp.GetPermissions, path))
        {
            // "n0": a letter of n, r, w, b and the domain's number.
            bool known = word.Length > 1 && "nrwb".Contains(word[0], StringComparison.Ordinal);
            if (!known || !uint.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out uint domain))
            {
                throw new XenStoreException("get-perms", path, "odd permission in the answer");
            }

            permissions.Add(new XenStoreAccess(word[0], domain));
        }

        return permissions;
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

    // A list of children that does not fit: DIRECTORY_PART with a byte offset, again from the start when the node changed meanwhile.
    private List<string> ListInParts(string path, byte[] node)
    {
        List<string> names = [];
        string generation = "";
        int offset = 0;
        while (!Deadline.IsOver && offset <= XenStoreLimits.MaxDirectory)
        {
            byte[] question = [.. node, .. Encoding.ASCII.GetBytes(offset.ToString(CultureInfo.InvariantCulture)), 0];
            byte[] answer = Ask(XenStoreOp.DirectoryPart, path, question);
            List<string> part = Strings(answer, XenStoreOp.DirectoryPart, path);
            if (part.Count < 2)
            {
                throw new XenStoreException("directory", path, "a part without names");
            }

            if (offset > 0 && part[0] != generation)
            {
                names.Clear();
                offset = 0;
                continue;
            }

            generation = part[0];
            offset += answer.Length - part[0].Length - 1;
            bool last = part[^1].Length == 0; // an empty name ends the list
            names.AddRange(part[1..(last ? ^1 : ^0)]);
            if (last)
            {
                return names;
            }
        }

        throw new XenStoreException("directory", path, Deadline.IsOver ? "no answer in time" : "more names than are believed");
    }

    // Each string ends with a NUL.
    private static List<string> Strings(byte[] answer, XenStoreOp op, string path)
    {
        List<string> strings = [];
        ReadOnlySpan<byte> rest = answer;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            if (end < 0)
            {
                throw new XenStoreException(op.Word(), path, "a name without its end");
            }

            strings.Add(Encoding.Latin1.GetString(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return strings;
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
