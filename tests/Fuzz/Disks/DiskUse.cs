using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.Fuzz.Disks;

/// <summary>What the programs do with a filesystem, on a small scale.</summary>
internal static class DiskUse
{
    private const int MostNodes = 10;
    private const int MostListed = 24;
    private const int MostFound = 8;
    private const int MostFiles = 3;

    /// <summary>Lists, finds and reads some of it, past what is damaged.</summary>
    public static void Use(GuestFileSystem fileSystem)
    {
        _ = fileSystem.Label.Length + fileSystem.Uuid.Length + fileSystem.Features.Count;
        Try(() => _ = fileSystem.Warnings.Count + fileSystem.Subvolumes.Count + fileSystem.DefaultSubvolume.Length);
        Try(() => GuestPath.Resolve(fileSystem, "/boot/grub/grub.cfg"u8));
        Queue<FileNode> pending = new([fileSystem.Root]);
        byte[] buffer = new byte[4096];
        int files = 0;
        for (int nodes = 0; nodes < MostNodes && pending.TryDequeue(out FileNode? node); nodes++)
        {
            Try(() => Visit(node, pending, buffer, ref files));
        }
    }

    private static void Visit(FileNode node, Queue<FileNode> pending, byte[] buffer, ref int files)
    {
        _ = node.Number + (ulong)node.Mode + node.Uid + node.Gid;
        switch (node.Kind)
        {
            case FileKind.Directory:
                node.Find("not there"u8);
                int found = 0;
                foreach (DirectoryEntry entry in node.List().Take(MostListed).ToArray())
                {
                    if (found++ < MostFound)
                    {
                        Try(() =>
                        {
                            if (node.Find(entry.Name.Span) is { } child)
                            {
                                pending.Enqueue(child);
                            }
                        });
                    }
                }

                break;
            case FileKind.Symlink:
                node.ReadLink();
                break;
            case FileKind.File when files++ < MostFiles:
                node.Read(0, buffer);
                Try(() => node.Read(Math.Max(0, node.Size - 500), buffer));
                Try(() => node.Read(node.Size / 2, buffer.AsSpan(0, 512)));
                break;
            default:
                break;
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
        }
    }
}
