using System.Diagnostics;
using BlockRbd.GuestDisk.FileSystems;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Btrfs;

/// <summary>Damaged in any way, and its checksums made right again, an image ends in an answer or in one of the readers' exceptions, and soon.</summary>
public sealed class BtrfsFuzzTests
{
    private const int Variants = 150;
    private const int MostNodes = 60;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("node-4k", 4096)]
    [InlineData("old", 16384)]
    [InlineData("zlib", 16384)]
    [InlineData("lzo", 16384)]
    [InlineData("zstd", 16384)]
    [InlineData("subvolumes", 16384)]
    [InlineData("dirty-names", 16384)]
    [InlineData("dirty-contents", 16384)]
    public void Random_damage_with_right_checksums_never_ends_in_another_exception(string image, int nodeSize)
    {
        using BtrfsImage disk = new(image);
        disk.First.Trace = [];
        Use(disk);
        List<long> blocks = [.. disk.First.Trace.Where(read => read.Length == nodeSize).Select(read => read.Offset).Distinct()];
        disk.First.Trace = null;
        Assert.NotEmpty(blocks);
        for (int seed = 0; seed < Variants; seed++)
        {
            Random random = new(seed);
            disk.First.Clear();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                long block = blocks[random.Next(blocks.Count)];
                for (int j = random.Next(1, 6); j > 0; j--)
                {
                    // Half of it where the header and the first items are.
                    int at = random.Next(32, random.Next(2) == 0 ? 500 : nodeSize);
                    byte value = random.Next(3) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };
                    disk.First.Patch(block + at, value);
                }

                disk.First.Seal(block, nodeSize, 0, 32);
            }

            long begun = Stopwatch.GetTimestamp();
            try
            {
                Use(disk);
            }
            catch (ImageFormatException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }

            Assert.True(Stopwatch.GetElapsedTime(begun) < Longest, $"seed {seed} took {Stopwatch.GetElapsedTime(begun)}");
        }
    }

    /// <summary>Lists and reads a part of everything, over and over past what is damaged.</summary>
    private static void Use(BtrfsImage disk)
    {
        GuestFileSystem fileSystem = disk.Open();
        Queue<FileNode> pending = new([fileSystem.Root]);
        byte[] buffer = new byte[300_000];
        Try(() => _ = fileSystem.Subvolumes);
        for (int nodes = 0; nodes < MostNodes && pending.TryDequeue(out FileNode? node); nodes++)
        {
            Try(() => Visit(node, pending, buffer));
        }
    }

    private static void Visit(FileNode node, Queue<FileNode> pending, byte[] buffer)
    {
        switch (node.Kind)
        {
            case FileKind.Directory:
                foreach (DirectoryEntry entry in node.List().Take(200).ToArray())
                {
                    Try(() =>
                    {
                        if (node.Find(entry.Name.Span) is { } child)
                        {
                            pending.Enqueue(child);
                        }
                    });
                }

                break;
            case FileKind.Symlink:
                node.ReadLink();
                break;
            case FileKind.File:
                node.Read(0, buffer);
                node.Read(Math.Max(0, node.Size - 1000), buffer);
                node.Read(node.Size / 2, buffer);
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
        catch (ImageFormatException)
        {
        }
    }
}
