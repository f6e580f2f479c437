using System.Diagnostics;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>Damaged in any way, an image ends in an answer or in one of the readers' exceptions, and soon.</summary>
public sealed class ExtFuzzTests
{
    private const int Variants = 400;
    private const int MostNodes = 60;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("ext2-1k")]
    [InlineData("ext4-no-csum")]
    [InlineData("ext4-1k")]
    [InlineData("ext4-inline-1k")]
    [InlineData("fragments-ext2-1k")]
    [InlineData("names-no-csum")]
    [InlineData("dirty-ext3-1k")]
    [InlineData("dirty-ext4-csum-v1")]
    [InlineData("dirty-revoke-ext3")]
    [InlineData("dirty-fast-commit-1k")]
    public void Random_damage_never_ends_in_another_exception(string image)
    {
        byte[] good = File.ReadAllBytes(TestImages.Image("ext", image));
        List<(int Start, int Length)> used = UsedBlocks(good);
        DamagedSource source = new(good);
        for (int seed = 0; seed < Variants; seed++)
        {
            Random random = new(seed);
            source.Damage.Clear();
            for (int i = random.Next(1, 30); i > 0; i--)
            {
                (int start, int length) = used[random.Next(used.Count)];
                source.Damage[start + random.Next(length)] = random.Next(3) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };
            }

            long begun = Stopwatch.GetTimestamp();
            try
            {
                Use(ExtFileSystem.Open(source));
            }
            catch (ImageFormatException)
            {
            }
            catch (Exception e) when (e is not GuestPathException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }

            Assert.True(Stopwatch.GetElapsedTime(begun) < Longest, $"seed {seed} took {Stopwatch.GetElapsedTime(begun)}");
        }
    }

    /// <summary>Lists and reads a part of everything, over and over past what is damaged.</summary>
    private static void Use(GuestFileSystem fileSystem)
    {
        Queue<FileNode> pending = new([fileSystem.Root]);
        byte[] buffer = new byte[300_000];
        for (int nodes = 0; nodes < MostNodes && pending.TryDequeue(out FileNode? node); nodes++)
        {
            try
            {
                switch (node.Kind)
                {
                    case FileKind.Directory:
                        foreach (DirectoryEntry entry in node.List().Take(200).ToArray())
                        {
                            if (node.Find(entry.Name.Span) is FileNode child)
                            {
                                pending.Enqueue(child);
                            }
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
            catch (ImageFormatException)
            {
            }
        }
    }

    /// <summary>Where metadata is: what is read of an image to list and find, in the pieces in which it is read.</summary>
    private static List<(int Start, int Length)> UsedBlocks(byte[] good)
    {
        DamagedSource source = new(good) { Reads = [] };
        Use(ExtFileSystem.Open(source));
        return [.. source.Reads.Where(read => read.Length <= 65536)];
    }

    private sealed class DamagedSource(byte[] good) : BlockSource
    {
        public Dictionary<int, byte> Damage { get; } = [];

        public List<(int Start, int Length)>? Reads { get; init; }

        public override string Name => "damaged";

        public override long Length => good.Length;

        public override int SectorSize => 512;

        protected override void ReadCore(long offset, Span<byte> buffer)
        {
            good.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
            Reads?.Add(((int)offset, buffer.Length));
            foreach ((int at, byte value) in Damage)
            {
                if (at >= offset && at < offset + buffer.Length)
                {
                    buffer[(int)(at - offset)] = value;
                }
            }
        }
    }
}
