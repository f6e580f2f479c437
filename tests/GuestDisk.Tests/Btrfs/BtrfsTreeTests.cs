using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Btrfs;

/// <summary>Whole images against what the kernel's own mount shows.</summary>
public sealed class BtrfsTreeTests
{
    private const string Replayed = "it was not unmounted: what its log holds was applied in memory";

    public static TheoryData<string> Images => [.. TestImages.Names("btrfs")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_the_kernel_shows_it(string image)
    {
        using BtrfsImage disk = new(image);
        GuestFileSystem fileSystem = disk.Open();
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("btrfs", image), TreeListing.Of(fileSystem)));
        Assert.Equal(image.StartsWith("dirty-", StringComparison.Ordinal) ? [Replayed] : [], fileSystem.Warnings);
    }

    [Theory, MemberData(nameof(Images))]
    public void Any_of_several_devices_leads_to_the_same_filesystem(string image)
    {
        using BtrfsImage disk = new(image);
        GuestDiskSet set = GuestDiskSet.Open([.. disk.Devices.Reverse()]);
        Assert.Equal(disk.Devices.Count, set.Volumes.Count);
        SortedDictionary<string, TreeEntry> expected = TestImages.Tree("btrfs", image);
        string file = expected.Where(entry => entry.Value.Type == 'f').MaxBy(entry => entry.Value.Size).Key;
        foreach (GuestVolume volume in set.Volumes)
        {
            Assert.Null(volume.Unreadable);
            FileNode node = GuestPath.ResolveFile(volume.FileSystem!, Encoding.Latin1.GetBytes(file));
            Assert.Equal(expected[file].Content, TreeListing.Hash(node));
        }
    }

    [Fact]
    public void Label_uuid_and_names_are_those_that_mkfs_was_given()
    {
        using FileSource source = FileSource.Open(TestImages.Image("btrfs", "plain"));
        GuestFileSystem fileSystem = FileSystemTable.Open(source);
        Assert.Equal("a-label"u8.ToArray(), fileSystem.Label);
        Assert.Equal("0f1e2d3c-4b5a-4968-8776-95a4b3c2d1e0", fileSystem.Uuid);
        Assert.Equal(("Btrfs", "btrfs"), (fileSystem.Kind, fileSystem.GrubName));
        Assert.Equal(["crc32c", "mixed_backref", "big_metadata", "extended_iref", "skinny_metadata", "no_holes"], fileSystem.Features);
    }

    [Fact]
    public void A_changed_uuid_is_the_one_that_is_shown()
    {
        using BtrfsImage disk = new("other-uuid");
        Assert.Equal("11111111-2222-4333-8444-555555555555", disk.Open().Uuid);
    }

    [Theory]
    [InlineData("plain", "/many")]
    [InlineData("directories", "/many")]
    [InlineData("directories", "/same-hash")]
    public void A_name_that_is_not_there_is_not_found(string image, string folder)
    {
        using BtrfsImage disk = new(image);
        FileReads.NamesNotThereAreNotFound(disk.Resolve(folder));
    }

    [Theory]
    [InlineData("fragments", "/fragments")]
    [InlineData("zstd", "/changed")]
    [InlineData("raid5", "/numbers")]
    public void Reads_of_any_place_and_length_give_the_same_bytes(string image, string path)
    {
        using BtrfsImage disk = new(image);
        FileReads.AnyPieceIsThatOfTheWhole(disk.Resolve(path), 200_000, 300);
    }

    [Theory]
    [InlineData("plain", "boot/vmlinuz")]
    [InlineData("zlib", "numbers")]
    [InlineData("lzo", "mixed")]
    [InlineData("zstd", "numbers")]
    [InlineData("subvolumes", "root/later")]
    [InlineData("subvolumes", ".snapshots/1/boot/vmlinuz")]
    public void GRUB_finds_the_same_file_at_the_same_path_of_the_top_level(string image, string path)
    {
        using BtrfsImage disk = new(image);
        ToolResult grub = Tool.Check(Tool.Path("sid-grub-fstest"), TestImages.Image("btrfs", image), "cat", $"(loop0)/{path}");
        FileNode file = disk.Resolve("/" + path);
        byte[] bytes = new byte[file.Size];
        file.Read(0, bytes);
        Assert.Equal(Convert.ToHexString(grub.Output), Convert.ToHexString(bytes));
    }

    [Fact]
    public void Kernel_and_ramdisk_cost_few_reads_and_hardly_more_bytes_than_they_have()
    {
        using BtrfsImage disk = new("large-files");
        FileReads.CopyingCosts(disk.First, disk.Open, ["/boot/vmlinuz-6.1.0", "/boot/initrd.img-6.1.0"], 60, 1 << 20, 68L << 20);
    }
}
