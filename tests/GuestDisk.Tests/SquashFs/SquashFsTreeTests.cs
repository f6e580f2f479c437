using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.SquashFs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using BlockRbd.Unpacking;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.SquashFs;

/// <summary>Whole trees against what the kernel shows of them.</summary>
public sealed class SquashFsTreeTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("squashfs")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_the_kernel_shows_it(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("squashfs", image));
        GuestFileSystem fileSystem = SquashFsFileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("squashfs", image), TreeListing.Of(fileSystem)));
        Assert.Empty(fileSystem.Warnings);
    }

    [Theory, MemberData(nameof(Images))]
    public void GRUB_knows_it_by_the_same_name_and_shows_no_label_either(string image)
    {
        string path = TestImages.Image("squashfs", image);
        using FileSource source = FileSource.Open(path);
        GuestFileSystem fileSystem = SquashFsFileSystem.Open(source);
        string shown = Tool.Check(Tool.Path("sid-grub-fstest"), path, "ls", "--", "-l", "(loop0)").Text;
        Assert.Equal(("squash4", "", ""), (fileSystem.GrubName, Encoding.Latin1.GetString(fileSystem.Label), fileSystem.Uuid));
        Assert.DoesNotContain("Label", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("UUID", shown, StringComparison.Ordinal);
        if (fileSystem.Features is ["gzip" or "lzo" or "xz"]) // GRUB has no more
        {
            Assert.Contains("type squash4", shown, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("lzma", "lzma")]
    [InlineData("zstd-1m", "zstd")]
    public void The_compression_is_said(string image, string compression)
    {
        using FileSource source = FileSource.Open(TestImages.Image("squashfs", image));
        Assert.Equal([compression], SquashFsFileSystem.Open(source).Features);
    }

    [Theory]
    [InlineData("gzip", "/boot/vmlinuz")] // not packed, as it can't be
    [InlineData("gzip", "/boot/mixed")]
    [InlineData("blocks-4k", "/boot/mixed")]
    [InlineData("blocks-4k", "/boot/initrd.img")]
    [InlineData("xz-1m", "/boot/text")]
    [InlineData("unpacked-data", "/boot/mixed")]
    [InlineData("unpacked-fragments", "/sizes/65537")]
    [InlineData("tail-ends", "/boot/program")]
    [InlineData("zstd", "/sizes/hole-middle")]
    [InlineData("zstd", "/sizes/hole-end")]
    public void Any_part_of_a_file_is_what_the_whole_has_there(string image, string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("squashfs", image));
        FileReads.AnyPieceIsThatOfTheWhole(GuestPath.ResolveFile(SquashFsFileSystem.Open(source), Encoding.ASCII.GetBytes(path)), longest: 300_000, rounds: 100);
    }

    [Theory]
    [InlineData("names")]
    [InlineData("names-unpacked")]
    public void A_large_directory_is_searched_by_its_index(string image)
    {
        using FileSource file = FileSource.Open(TestImages.Image("squashfs", image));
        PatchedSource source = new(file);
        FileNode directory = GuestPath.Resolve(SquashFsFileSystem.Open(source), "/many"u8);
        long before = source.BytesRead;
        Assert.NotNull(directory.Find("34567-name"u8));
        Assert.InRange(source.BytesRead - before, 1, 200_000); // of more than a MiB
        FileReads.NamesNotThereAreNotFound(directory, rounds: 50);
        Assert.Null(directory.Find("34567-namf"u8));
        Assert.Null(directory.Find("~"u8));
    }

    [Fact]
    public void A_kernel_and_a_ramdisk_cost_few_reads()
    {
        using FileSource file = FileSource.Open(TestImages.Image("squashfs", "zstd"));
        PatchedSource source = new(file);
        FileReads.CopyingCosts(source, () => SquashFsFileSystem.Open(source), ["/boot/vmlinuz", "/boot/initrd.img"], 40, 200_000, 2_500_001);
    }

    [Theory]
    [InlineData("xz-1m")]
    [InlineData("zstd")]
    [InlineData("blocks-4k")]
    public void Other_threads_unpack_the_same(string image)
    {
        UnpackingCrew.Start(3);
        Assert.Equal(2, UnpackingCrew.Workers);
        Every_file_reads_back_as_the_kernel_shows_it(image);
    }
}
