using BlockRbd.GuestDisk.Tests.Damage;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Btrfs;

/// <summary>Damaged in any way, and its checksums made right again, an image ends in an answer or in one of the readers' exceptions, and soon.</summary>
public sealed class BtrfsFuzzTests
{
    private const int Variants = 150;

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
        Survival.UseSome(disk.Open());
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
                    disk.First.Patch(block + at, Survival.Byte(random));
                }

                disk.First.Seal(block, nodeSize, 0, 32);
            }

            Survival.Check(disk.Open, $"{image}, seed {seed}");
        }
    }
}
