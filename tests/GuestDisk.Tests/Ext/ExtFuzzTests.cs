using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>Damaged in any way, an image ends in an answer or in one of the readers' exceptions, and soon.</summary>
public sealed class ExtFuzzTests
{
    private const int Variants = 400;

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
        using FileSource file = FileSource.Open(TestImages.Image("ext", image));
        PatchedSource source = new(file);
        GuestFileSystem open() => ExtFileSystem.Open(source);
        List<(long Start, int Length)> metadata = Survival.MetadataOf(source, open);
        for (int seed = 0; seed < Variants; seed++)
        {
            Survival.Damage(source, metadata, seed);
            Survival.Check(open, $"{image}, seed {seed}");
        }
    }
}
