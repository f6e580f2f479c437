using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.FileSystems.Ext.Journal;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>Replay of journals that recovery needs; their trees are compared with the kernel's in <see cref="ExtTreeTests"/>.</summary>
public sealed class ExtJournalTests
{
    public static TheoryData<string> Dirty => [.. TestImages.Names("ext").Where(name => name.StartsWith("dirty-", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Dirty))]
    public void Without_its_replay_a_dirty_image_reads_wrongly(string image)
    {
        byte[] bytes = File.ReadAllBytes(TestImages.Image("ext", image));
        SuperblockPatch.Set(bytes, 0x60, value => value & ~0x4u); // s_feature_incompat without "recover"
        string difference;
        try
        {
            difference = TreeListing.Differences(TestImages.Tree("ext", image), TreeListing.Of(ExtFileSystem.Open(new MemorySource(bytes))));
        }
        catch (ImageFormatException e)
        {
            difference = e.Message;
        }

        Assert.NotEqual("", difference);
    }

    [Theory, MemberData(nameof(Dirty))]
    public void A_replay_is_told_of(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", image));
        Assert.Contains(ExtFileSystem.Open(source).Warnings, warning => warning.Contains("journal was replayed in memory", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dirty-revoke")]
    [InlineData("dirty-revoke-1k")]
    [InlineData("dirty-revoke-ext3")]
    [InlineData("dirty-written-v2")]
    public void The_images_for_revocations_have_copies_that_are_revoked(string image) =>
        Assert.Contains(Scan(image).Copies, copy => Scanned(image).IsRevoked(copy));

    [Theory]
    [InlineData("dirty-escape")]
    [InlineData("dirty-escape-1k")]
    public void The_images_for_escaped_blocks_have_some(string image) => Assert.Contains(Scan(image).Copies, copy => copy.IsEscaped);

    [Theory]
    [InlineData("dirty-wrap")]
    [InlineData("dirty-wrap-4k")]
    public void The_images_for_wrapping_have_a_log_that_goes_on_at_its_start(string image)
    {
        List<JournalCopy> copies = Scan(image).Copies;
        Assert.Contains(Enumerable.Range(1, copies.Count - 1), i => copies[i].JournalBlock < copies[i - 1].JournalBlock);
    }

    [Theory]
    [InlineData("dirty-fast-commit")]
    [InlineData("dirty-fast-commit-1k")]
    public void Fast_commits_are_told_of(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", image));
        Assert.Contains(ExtFileSystem.Open(source).Warnings, warning => warning.Contains("fast commits were replayed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dirty-ext4")]
    [InlineData("dirty-ext4-csum-v1")]
    [InlineData("dirty-ext4-async-v1")]
    [InlineData("dirty-written-v2")]
    public void A_transaction_whose_commit_is_damaged_ends_the_replay_and_is_told_of(string image)
    {
        byte[] bytes = File.ReadAllBytes(TestImages.Image("ext", image));
        bytes[LastBlockOf(bytes, 2) + 16] ^= 1; // h_chksum[0] of the last commit block
        GuestFileSystem fileSystem = ExtFileSystem.Open(new MemorySource(bytes));
        Assert.Contains(fileSystem.Warnings, warning => warning.Contains("has a wrong checksum", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dirty-ext4", 1)]
    [InlineData("dirty-revoke", 5)]
    [InlineData("dirty-written-v2", 1)]
    public void A_damaged_descriptor_or_revocation_is_corruption(string image, uint type)
    {
        byte[] bytes = File.ReadAllBytes(TestImages.Image("ext", image));
        bytes[LastBlockOf(bytes, type) + 20] ^= 1;
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(bytes)));
        Assert.Equal((ImageFault.Corrupt, "ext4 journal"), (e.Fault, e.Structure));
    }

    [Fact]
    public void A_damaged_copy_is_corruption()
    {
        byte[] bytes = File.ReadAllBytes(TestImages.Image("ext", "dirty-ext4"));
        MemorySource source = new(bytes);
        JournalFile file = new(new ExtVolume(ExtSuperblock.Read(source), source));
        bytes[file.Position(Scan("dirty-ext4").Copies[^1].JournalBlock) + 100] ^= 1;
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(bytes)));
        Assert.Equal((ImageFault.Corrupt, "ext4 journal"), (e.Fault, e.Structure));
    }

    [Fact]
    public void A_damaged_journal_superblock_is_corruption()
    {
        byte[] bytes = File.ReadAllBytes(TestImages.Image("ext", "dirty-ext4"));
        bytes[JournalStart(bytes) + 0x1C] ^= 1; // s_start
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(bytes)));
        Assert.Equal((ImageFault.Corrupt, "ext4 journal superblock"), (e.Fault, e.Structure));
    }

    [Fact]
    public void A_journal_on_another_device_that_is_needed_is_named()
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", "external-journal-dirty"));
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(source));
        Assert.Equal((ImageFault.Unsupported, "ext4 journal"), (e.Fault, e.Structure));
    }

    [Fact]
    public void A_journal_device_is_named_as_such()
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", "journal-device"));
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(source));
        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains("external journal", e.Message, StringComparison.Ordinal);
    }

    private static JournalScan Scan(string image)
    {
        JournalScan scan = Scanned(image);
        Assert.NotEmpty(scan.Copies);
        return scan;
    }

    private static JournalScan Scanned(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", image));
        ExtVolume volume = new(ExtSuperblock.Read(source), source);
        JournalScan scan = new(volume, new JournalFile(volume));
        scan.Run();
        return scan;
    }

    private static int JournalStart(byte[] bytes)
    {
        MemorySource source = new(bytes);
        return (int)new JournalFile(new ExtVolume(ExtSuperblock.Read(source), source)).Position(0);
    }

    /// <summary>The byte where the last block of a type stands that belongs to the log.</summary>
    private static int LastBlockOf(byte[] bytes, uint type)
    {
        MemorySource source = new(bytes);
        ExtVolume volume = new(ExtSuperblock.Read(source), source);
        JournalFile file = new(volume);
        long found = -1;
        uint last = 0;
        for (long at = file.Superblock.First; at < file.Superblock.End; at++)
        {
            StructReader block = file.Block(at);
            uint sequence = block.U32BigEndian(8);
            if (block.U32BigEndian(0) == JournalSuperblock.Magic && block.U32BigEndian(4) == type
                && sequence >= file.Superblock.Sequence && sequence >= last)
            {
                (found, last) = (file.Position(at), sequence);
            }
        }

        Assert.True(found >= 0, $"no block of type {type} in the log");
        return (int)found;
    }
}
