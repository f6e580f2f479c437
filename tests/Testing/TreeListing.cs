using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.Testing;

/// <summary>Whole trees as a map from path to what it is; paths are Latin-1, one character a byte.</summary>
public static class TreeListing
{
    private const int PermissionBits = 0xFFF;
    private const int TypeBits = 0xF000;

    /// <summary>What fixtures/images/lib.sh wrote down for an image.</summary>
    public static SortedDictionary<string, TreeEntry> Expected(string treeFile)
    {
        Dictionary<string, string> hashes = [];
        foreach (string line in Records(Path.ChangeExtension(treeFile, ".sha256")))
        {
            hashes[line[66..].StartsWith("./", StringComparison.Ordinal) ? line[68..] : line[66..]] = line[..64];
        }

        SortedDictionary<string, TreeEntry> tree = new(StringComparer.Ordinal);
        string[] fields = [.. Records(treeFile)];
        for (int i = 0; i + 6 <= fields.Length; i += 6)
        {
            char type = fields[i + 1][0];
            string content = type switch { 'f' => hashes[fields[i]], 'l' => fields[i + 5], _ => "" };
            long size = type is 'f' or 'l' ? long.Parse(fields[i + 4], CultureInfo.InvariantCulture) : 0;
            tree.Add(fields[i], new TreeEntry(type, Convert.ToInt32(fields[i + 2], 8), fields[i + 3], size, content));
        }

        return tree;
    }

    /// <summary>What a reader shows: every name listed, found again by name, and read.</summary>
    public static SortedDictionary<string, TreeEntry> Of(GuestFileSystem fileSystem)
    {
        SortedDictionary<string, TreeEntry> tree = new(StringComparer.Ordinal);
        Walk(fileSystem, fileSystem.Root, "", tree);
        return tree;
    }

    /// <summary>The first differences, one a line; empty where the trees are the same.</summary>
    public static string Differences(SortedDictionary<string, TreeEntry> expected, SortedDictionary<string, TreeEntry> actual)
    {
        IEnumerable<string> lines = expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal)
            .Where(path => !Equals(expected.GetValueOrDefault(path), actual.GetValueOrDefault(path)))
            .Take(20)
            .Select(path => $"{path}: expected {expected.GetValueOrDefault(path)}, read {actual.GetValueOrDefault(path)}");
        return string.Join('\n', lines);
    }

    /// <summary>SHA-256 of a file's whole content, lower-case hex.</summary>
    public static string Hash(FileNode file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[(int)Math.Clamp(file.Size, 1, 1 << 20)]; // a million names without content are listed too
        long offset = 0;
        for (int count; (count = file.Read(offset, buffer)) > 0; offset += count)
        {
            hash.AppendData(buffer, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Walk(GuestFileSystem fileSystem, FileNode directory, string prefix, SortedDictionary<string, TreeEntry> tree)
    {
        foreach (DirectoryEntry entry in directory.List())
        {
            string path = prefix + Encoding.Latin1.GetString(entry.Name.Span);
            if (path == "lost+found")
            {
                continue; // mkfs' own; lib.sh leaves it out too
            }

            FileNode node = directory.Find(entry.Name.Span) ?? throw new InvalidOperationException($"{path} is listed but not found by name");
            if (node.Number != entry.Number)
            {
                throw new InvalidOperationException($"{path} is listed as inode {entry.Number} but found as {node.Number}");
            }

            tree.Add(path, Describe(node));
            if (node.Kind == FileKind.Directory)
            {
                Walk(fileSystem, fileSystem.GetNode(entry.Number), path + "/", tree);
            }
        }
    }

    private static TreeEntry Describe(FileNode node)
    {
        string content = node.Kind switch
        {
            FileKind.File => Hash(node),
            FileKind.Symlink => Encoding.Latin1.GetString(node.ReadLink()),
            _ => "",
        };
        char type = (node.Mode & TypeBits) switch
        {
            0x8000 => 'f',
            0x4000 => 'd',
            0xA000 => 'l',
            0x2000 => 'c',
            0x6000 => 'b',
            0x1000 => 'p',
            0xC000 => 's',
            _ => '?',
        };
        long size = node.Kind is FileKind.File or FileKind.Symlink ? node.Size : 0;
        return new TreeEntry(type, node.Mode & PermissionBits, $"{node.Uid}:{node.Gid}", size, content);
    }

    private static string[] Records(string file) =>
        Encoding.Latin1.GetString(File.ReadAllBytes(file)).Split('\0')[..^1];
}
