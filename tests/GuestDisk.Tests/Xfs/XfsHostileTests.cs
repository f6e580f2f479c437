using System.Diagnostics;
using BlockRbd.GuestDisk.FileSystems;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>Bytes turned over at random, always in the same way: only the allowed exceptions, no endless work, no memory by the guest's numbers.</summary>
public sealed class XfsHostileTests
{
    private const int Nodes = 60;
    private const long MaxBytesAllocated = 64 << 20;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10); // a variant takes milliseconds; this machine may be busy

    [Theory]
    [InlineData("v4", 1200)]
    [InlineData("v4-512", 400)]
    [InlineData("v4-no-type", 400)]
    [InlineData("v4-fragments", 600)]
    [InlineData("v4-any-case", 200)]
    [InlineData("v5", 200)]
    public void Random_damage_ends_in_a_complaint_or_in_nothing(string name, int variants)
    {
        using XfsImage image = new(name);
        List<long> blocks = MetadataRead(image);
        for (int seed = 0; seed < variants; seed++)
        {
            Random random = new(seed);
            image.Source.Clear();
            for (int flips = random.Next(1, 12); flips > 0; flips--)
            {
                image.Source.Patch(blocks[random.Next(blocks.Count)] + random.Next(256), (byte)random.Next(256));
            }

            Survive(image, $"{name}, seed {seed}");
        }
    }

    [Theory]
    [InlineData("v5", 500)]
    [InlineData("fragments-1k", 500)]
    [InlineData("metadata-directory", 200)]
    public void An_inode_with_random_fields_and_a_good_checksum_ends_in_a_complaint_or_in_nothing(string name, int variants)
    {
        using XfsImage image = new(name);
        List<long> inodes = image.BlocksRead("IN"u8, 0, image.Superblock.InodeSize, () => Walk(image));
        Assert.NotEmpty(inodes);
        for (int seed = 0; seed < variants; seed++)
        {
            Random random = new(seed);
            image.Source.Clear();
            long inode = inodes[random.Next(inodes.Count)];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                int field = random.Next(2) == 0 ? random.Next(4, 100) : random.Next(176, 240);
                image.PatchInode(inode, field, (byte)random.Next(256));
            }

            Survive(image, $"{name}, seed {seed}");
        }
    }

    private static void Survive(XfsImage image, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        try
        {
            Walk(image);
        }
        catch (Exception e) when (e is not (ImageFormatException or GuestPathException))
        {
            Assert.Fail($"{what}: {e}");
        }
        catch (IOException)
        {
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MaxBytesAllocated, $"{what}: too much memory");
        Assert.True(Stopwatch.GetElapsedTime(start) < MaxTime, $"{what}: too long");
    }

    /// <summary>Where the metadata is that a walk reads: pieces of 256 bytes.</summary>
    private static List<long> MetadataRead(XfsImage image)
    {
        image.Source.Trace = [];
        Walk(image);
        List<(long Offset, int Length)> reads = image.Source.Trace;
        image.Source.Trace = null;
        HashSet<long> pieces = [];
        foreach ((long offset, int length) in reads)
        {
            for (long at = offset; at + 256 <= offset + length; at += 256)
            {
                if (image.Source.ReadExactly(at, 256) is var bytes && bytes.AsSpan().ContainsAnyExcept((byte)0))
                {
                    pieces.Add(at);
                }
            }

            if (pieces.Count > 20_000)
            {
                break;
            }
        }

        return [.. pieces];
    }

    /// <summary>A bit of everything; a complaint about one node doesn't end it.</summary>
    private static void Walk(XfsImage image)
    {
        GuestFileSystem fileSystem = image.Open();
        _ = fileSystem.Warnings;
        Queue<FileNode> queue = new([fileSystem.Root]);
        byte[] buffer = new byte[20_000];
        for (int nodes = 0; nodes < Nodes && queue.TryDequeue(out FileNode? node); nodes++)
        {
            try
            {
                Use(node, queue, buffer, fileSystem);
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    private static void Use(FileNode node, Queue<FileNode> queue, byte[] buffer, GuestFileSystem fileSystem)
    {
        switch (node.Kind)
        {
            case FileKind.File:
                node.Read(0, buffer);
                node.Read(node.Size / 2, buffer);
                node.Read(Math.Max(0, node.Size - 100), buffer);
                break;
            case FileKind.Symlink:
                node.ReadLink();
                break;
            case FileKind.Directory:
                node.Find("not there"u8);
                foreach (DirectoryEntry entry in node.List().Take(30))
                {
                    try
                    {
                        node.Find(entry.Name.Span);
                        queue.Enqueue(fileSystem.GetNode(entry.Number));
                    }
                    catch (ImageFormatException)
                    {
                    }
                }

                break;
        }
    }
}
