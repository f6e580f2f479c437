using BlockRbd.GuestDisk.Tests.Damage;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>Bytes turned over at random, always in the same way: only the allowed exceptions, no endless work, no memory by the guest's numbers.</summary>
public sealed class XfsHostileTests
{
    private const long MaxBytesAllocated = 64 << 20;

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

            Survival.Check(image.Open, $"{name}, seed {seed}", MaxBytesAllocated);
        }
    }

    [Theory]
    [InlineData("v5", 500)]
    [InlineData("fragments-1k", 500)]
    [InlineData("metadata-directory", 200)]
    public void An_inode_with_random_fields_and_a_good_checksum_ends_in_a_complaint_or_in_nothing(string name, int variants)
    {
        using XfsImage image = new(name);
        List<long> inodes = image.BlocksRead("IN"u8, 0, image.Superblock.InodeSize, () => Survival.UseSome(image.Open()));
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

            Survival.Check(image.Open, $"{name}, seed {seed}", MaxBytesAllocated);
        }
    }

    /// <summary>Where the metadata is that a walk reads: pieces of 256 bytes.</summary>
    private static List<long> MetadataRead(XfsImage image)
    {
        image.Source.Trace = [];
        Survival.UseSome(image.Open());
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
}
