using System.Diagnostics;
using BlockRbd.GuestDisk.FileSystems;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Damage;

/// <summary>What every reader owes, whatever the bytes are: an answer or one of the readers' own exceptions, soon, and without memory by the guest's numbers.</summary>
internal static class Survival
{
    private const int MostNodes = 60;
    private const int MostEntries = 200;
    private const int PieceBytes = 300_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60); // milliseconds, but this machine may be busy

    /// <summary>Opens and uses a damaged filesystem; fails the test where that ends otherwise than it may.</summary>
    /// <param name="open">Opens it anew.</param>
    /// <param name="what">Names the damage where the test fails.</param>
    /// <param name="mostAllocated">Bytes that may be allocated in all meanwhile.</param>
    public static void Check(Func<GuestFileSystem> open, string what, long mostAllocated = long.MaxValue)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long begun = Stopwatch.GetTimestamp();
        try
        {
            UseSome(open());
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < mostAllocated, $"{what}: {allocated} bytes allocated");
        Assert.True(Stopwatch.GetElapsedTime(begun) < Longest, $"{what} took {Stopwatch.GetElapsedTime(begun)}");
    }

    /// <summary>Lists, finds and reads a part of everything, over and over past what is damaged.</summary>
    public static void UseSome(GuestFileSystem fileSystem)
    {
        Queue<FileNode> pending = new([fileSystem.Root]);
        byte[] buffer = new byte[PieceBytes];
        Try(() => _ = fileSystem.Warnings);
        Try(() => _ = fileSystem.Subvolumes);
        for (int nodes = 0; nodes < MostNodes && pending.TryDequeue(out FileNode? node); nodes++)
        {
            Try(() => Visit(node, pending, buffer));
        }
    }

    /// <summary>Where the metadata is: the pieces in which a good image is read when it is used, up to <paramref name="longest"/> bytes each.</summary>
    public static List<(long Start, int Length)> MetadataOf(PatchedSource source, Func<GuestFileSystem> open, int longest = 65536)
    {
        source.Clear();
        source.Trace = [];
        UseSome(open());
        List<(long Start, int Length)> places = [.. source.Trace.Where(read => read.Length <= longest).Distinct()];
        source.Trace = null;
        Assert.NotEmpty(places);
        return places;
    }

    /// <summary>Another damage for each seed: up to <paramref name="most"/> bytes somewhere in <paramref name="places"/>, often at an extreme.</summary>
    public static void Damage(PatchedSource source, IReadOnlyList<(long Start, int Length)> places, int seed, int most = 30)
    {
        Random random = new(seed);
        source.Clear();
        for (int i = random.Next(1, most); i > 0; i--)
        {
            (long start, int length) = places[random.Next(places.Count)];
            source.Patch(start + random.Next(length), Byte(random));
        }
    }

    /// <summary>A byte that numbers are likely to be wrong with.</summary>
    public static byte Byte(Random random) => random.Next(3) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };

    private static void Visit(FileNode node, Queue<FileNode> pending, byte[] buffer)
    {
        switch (node.Kind)
        {
            case FileKind.Directory:
                node.Find("not there"u8);
                foreach (DirectoryEntry entry in node.List().Take(MostEntries).ToArray())
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
