using BlockRbd.GuestDisk.FileSystems;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>What a superblock may say. Offsets are those of xfs_dsb; the checksum is right unless a test is about it.</summary>
public sealed class XfsSuperblockTests
{
    [Theory]
    [InlineData(0, new byte[] { 0 }, ImageFault.NotRecognized, "magic")]
    [InlineData(101, new byte[] { 0xA3 }, ImageFault.Unsupported, "version 3")]
    [InlineData(101, new byte[] { 0xA6 }, ImageFault.Unsupported, "version 6")]
    [InlineData(100, new byte[] { 0x94 }, ImageFault.Unsupported, "directories of version 1")]
    [InlineData(216, new byte[] { 0x00, 0x10, 0, 1 }, ImageFault.Unsupported, "bit 20")]
    [InlineData(216, new byte[] { 0x80, 0x00, 0x08, 1 }, ImageFault.Unsupported, "bit 11, bit 31")]
    [InlineData(4, new byte[] { 0, 0, 0, 0 }, ImageFault.Corrupt, "block size 0")]
    [InlineData(4, new byte[] { 0, 1, 0, 0 }, ImageFault.Corrupt, "block size 65536")]
    [InlineData(120, new byte[] { 17 }, ImageFault.Corrupt, "log2 17")]
    [InlineData(120, new byte[] { 255 }, ImageFault.Corrupt, "log2 255")]
    [InlineData(4, new byte[] { 0, 0, 2, 0 }, ImageFault.Corrupt, "block size 512")]
    [InlineData(192, new byte[] { 5 }, ImageFault.Corrupt, "directory blocks of 2^5")]
    [InlineData(192, new byte[] { 255 }, ImageFault.Corrupt, "directory blocks of 2^255")]
    [InlineData(104, new byte[] { 0, 0 }, ImageFault.Corrupt, "inode size 0")]
    [InlineData(122, new byte[] { 12 }, ImageFault.Corrupt, "inode size 512 with log2 12")]
    [InlineData(123, new byte[] { 9 }, ImageFault.Corrupt, "a block with log2 9")]
    [InlineData(106, new byte[] { 0, 1 }, ImageFault.Corrupt, "inode size")]
    [InlineData(84, new byte[] { 0, 0, 0, 0 }, ImageFault.Corrupt, "allocation groups of 0 blocks")]
    [InlineData(84, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "allocation groups of 4294967295 blocks")]
    [InlineData(124, new byte[] { 63 }, ImageFault.Corrupt, "log2 63")]
    [InlineData(88, new byte[] { 0, 0, 0, 0 }, ImageFault.Corrupt, "in 0 allocation groups")]
    [InlineData(88, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "in 4294967295 allocation groups")]
    [InlineData(8, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "18446744073709551615 blocks")]
    [InlineData(96, new byte[] { 0x7F, 0, 0, 0 }, ImageFault.Corrupt, "log of 2130706432 blocks")]
    [InlineData(126, new byte[] { 1 }, ImageFault.Corrupt, "sb_inprogress")]
    [InlineData(102, new byte[] { 0, 0 }, ImageFault.Corrupt, "sector size 0")]
    [InlineData(121, new byte[] { 200 }, ImageFault.Corrupt, "log2 200")]
    [InlineData(56, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "outside the filesystem")]
    [InlineData(56, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, ImageFault.Corrupt, "outside the filesystem")]
    public void A_field_that_makes_no_sense_is_named(int offset, byte[] bytes, ImageFault fault, string problem)
    {
        using XfsImage image = new("v5");
        image.PatchSuperblock(offset, bytes);
        ImageFormatException e = Assert.Throws<ImageFormatException>(image.Open);
        Assert.Equal(fault, e.Fault);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(227)]
    [InlineData(500)]
    public void Its_checksum_covers_the_whole_sector(int offset)
    {
        using XfsImage image = new("v5");
        image.Source.Flip(offset, 0x10);
        ImageFormatException e = Assert.Throws<ImageFormatException>(image.Open);
        Assert.Equal((ImageFault.Corrupt, "XFS superblock"), (e.Fault, e.Structure));
        Assert.Contains("checksum", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_4_feature_that_is_unknown_is_named()
    {
        using XfsImage image = new("v4");
        image.PatchSuperblock(203, 0x9A); // sb_features2: SGI's parent pointers
        ImageFormatException e = Assert.Throws<ImageFormatException>(image.Open);
        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains("ParentPointersOfIrix", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_5_superblock_that_lost_its_version_is_not_taken_for_version_4()
    {
        using XfsImage image = new("v5");
        image.Source.Patch(101, 0xA4);
        Assert.Equal(ImageFault.Corrupt, Assert.Throws<ImageFormatException>(image.Open).Fault);
    }

    [Fact]
    public void What_needs_repair_is_read_with_a_warning()
    {
        using XfsImage image = new("v5");
        image.PatchSuperblock(219, (byte)(image.Source.ReadExactly(219, 1)[0] | 0x10));
        GuestFileSystem fileSystem = image.Open();
        Assert.Contains("xfs_repair", Assert.Single(fileSystem.Warnings), StringComparison.Ordinal);
        Assert.NotEmpty(fileSystem.Root.List());
    }

    [Fact]
    public void A_device_shorter_than_the_filesystem_is_said_to_be_truncated()
    {
        using XfsImage image = new("v5");
        image.Source.ShownLength = image.Source.Length - 4096;
        Assert.Equal(ImageFault.Truncated, Assert.Throws<ImageFormatException>(image.Open).Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(303)]
    public void A_device_too_short_for_a_superblock_is_no_xfs(int length)
    {
        using XfsImage image = new("v5");
        image.Source.ShownLength = length;
        Assert.Equal(ImageFault.NotRecognized, Assert.Throws<ImageFormatException>(image.Open).Fault);
    }

    [Theory]
    [InlineData("v5")]
    [InlineData("log-wrapped")]
    [InlineData("directories")]
    [InlineData("dirty-crashed")]
    [InlineData("dirty-wrapped")]
    [InlineData("dirty-copied")]
    public void The_logs_head_is_found_without_the_superblocks_help(string name)
    {
        using XfsImage image = new(name);
        IReadOnlyList<string> expected = image.Open().Warnings;
        image.PatchSuperblock(240, 0, 0, 0, 9, 0, 0, 0, 5); // sb_lsn
        Assert.Equal(expected, image.Open().Warnings);
    }

    [Fact]
    public void A_log_outside_the_filesystem_is_refused()
    {
        using XfsImage image = new("v5");
        image.PatchSuperblock(48, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0); // sb_logstart
        ImageFormatException e = Assert.Throws<ImageFormatException>(image.Open);
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains("log of", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unmount_record_that_was_torn_does_not_count()
    {
        using XfsImage image = new("v4");
        Assert.Empty(image.Open().Warnings);
        long log = (long)image.Superblock.LogStart << image.Superblock.BlockLog; // in allocation group 0 or not, mkfs' record is its first
        Assert.True(image.Superblock.TryBlockOffset(image.Superblock.LogStart, 1, out log));
        image.Source.Flip(log + 512 + 9, 0x20); // oh_flags: XLOG_UNMOUNT_TRANS
        Assert.Contains("replayed in memory (0 transactions)", Assert.Single(image.Open().Warnings), StringComparison.Ordinal);
    }
}
