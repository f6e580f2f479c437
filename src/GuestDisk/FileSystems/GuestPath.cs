using System.Text;

namespace BlockRbd.GuestDisk.FileSystems;

/// <summary>
/// Walks paths inside one filesystem as a kernel would that has it as its root: symbolic links absolute and relative, "..",
/// which stops at the root. Names are bytes.
/// </summary>
public static class GuestPath
{
    /// <summary>Components still to walk; a chain of links that each add more than they use ends here, not in memory.</summary>
    private const int MaxPendingComponents = 4096;

    /// <summary>The inode that <paramref name="path"/> leads to.</summary>
    /// <param name="fileSystem">The filesystem; its root is the path's root.</param>
    /// <param name="path">The path's bytes, with or without a leading slash.</param>
    /// <param name="followLast">Whether a symbolic link as the last component is followed.</param>
    /// <exception cref="GuestPathException">It leads nowhere.</exception>
    public static FileNode Resolve(GuestFileSystem fileSystem, ReadOnlySpan<byte> path, bool followLast = true)
    {
        string whole = Display(path);
        Stack<byte[]> pending = new();
        Push(pending, path, whole);
        List<FileNode> trail = [fileSystem.Root]; // root ... where we stand: ".." is one step back
        int hops = 0;
        while (pending.TryPop(out byte[]? name))
        {
            if (name is [(byte)'.', (byte)'.'])
            {
                trail.RemoveRange(Math.Max(1, trail.Count - 1), trail.Count > 1 ? 1 : 0);
                continue;
            }

            FileNode node = Step(trail[^1], name, whole);
            if (node.Kind == FileKind.Symlink && (followLast || pending.Count > 0))
            {
                if (++hops > Limits.MaxSymlinkHops)
                {
                    throw new GuestPathException(
                        PathFault.TooManySymlinks, $"{whole}: more than {Limits.MaxSymlinkHops} symbolic links");
                }

                byte[] target = node.ReadLink();
                if (target is [(byte)'/', ..])
                {
                    trail.RemoveRange(1, trail.Count - 1);
                }

                Push(pending, target, whole);
                continue;
            }

            trail.Add(node);
        }

        return trail[^1];
    }

    /// <summary>The regular file that <paramref name="path"/> leads to.</summary>
    /// <exception cref="GuestPathException">It leads nowhere, or to something else.</exception>
    public static FileNode ResolveFile(GuestFileSystem fileSystem, ReadOnlySpan<byte> path)
    {
        FileNode node = Resolve(fileSystem, path);
        return node.Kind == FileKind.File
            ? node
            : throw new GuestPathException(PathFault.NotAFile, $"{Display(path)}: is not a regular file");
    }

    /// <summary>The inode, or null where nothing has that name or a component on the way isn't a directory.</summary>
    public static FileNode? TryResolve(GuestFileSystem fileSystem, ReadOnlySpan<byte> path)
    {
        try
        {
            return Resolve(fileSystem, path);
        }
        catch (GuestPathException e) when (e.Fault is PathFault.NotFound or PathFault.NotADirectory)
        {
            return null;
        }
    }

    /// <summary>A guest's name for a message: UTF-8 where it is, control characters and stray bytes as \xHH.</summary>
    public static string Display(ReadOnlySpan<byte> name)
    {
        StringBuilder text = new(name.Length);
        while (!name.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(name, out Rune rune, out int used) == System.Buffers.OperationStatus.Done;
            if (valid && !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.Format)
            {
                text.Append(rune);
            }
            else
            {
                foreach (byte b in name[..used])
                {
                    text.Append("\\x").Append(Convert.ToHexStringLower([b]));
                }
            }

            name = name[used..];
        }

        return text.ToString();
    }

    private static FileNode Step(FileNode directory, byte[] name, string whole)
    {
        if (directory.Kind != FileKind.Directory)
        {
            throw new GuestPathException(PathFault.NotADirectory, $"{whole}: what stands before \"{Display(name)}\" is not a directory");
        }

        return directory.Find(name)
            ?? throw new GuestPathException(PathFault.NotFound, $"{whole}: \"{Display(name)}\" not found");
    }

    private static void Push(Stack<byte[]> pending, ReadOnlySpan<byte> path, string whole)
    {
        List<byte[]> components = [];
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (!name.IsEmpty && name is not [(byte)'.'])
            {
                components.Add(name.ToArray());
            }
        }

        if (pending.Count + components.Count > MaxPendingComponents)
        {
            throw new GuestPathException(PathFault.TooManySymlinks, $"{whole}: the path grows beyond {MaxPendingComponents} components");
        }

        for (int i = components.Count - 1; i >= 0; i--)
        {
            pending.Push(components[i]);
        }
    }
}
