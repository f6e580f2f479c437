using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>Whole images against what was put in, or what the kernel's own mount shows.</summary>
public sealed class XfsTreeTests
{

    public static TheoryData<string> Images => [.. TestImages.Names("xfs")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_it_was_put_in(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", image));
        GuestFileSystem fileSystem = XfsFileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("xfs", image), TreeListing.Of(fileSystem)));
    }

    [Theory, MemberData(nameof(Images))]
    public void The_log_is_told_to_be_dirty_where_it_is_and_only_there(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", image));
        IReadOnlyList<string> warnings = XfsFileSystem.Open(source).Warnings;
        if (image.StartsWith("dirty-", StringComparison.Ordinal))
        {
            Assert.Contains("its log was replayed in memory", Assert.Single(warnings), StringComparison.Ordinal);
        }
        else if (image == "external-log")
        {
            Assert.Contains("the log is on another device, which is not among the guest's", Assert.Single(warnings), StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(warnings);
        }
    }

    [Fact]
    public void Label_and_uuid_are_those_that_mkfs_was_given()
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", "v5"));
        GuestFileSystem fileSystem = FileSystemTable.Open(source);
        Assert.Equal("twelve-bytes"u8.ToArray(), fileSystem.Label);
        Assert.Equal("0f1e2d3c-4b5a-4968-8776-95a4b3c2d1e0", fileSystem.Uuid);
        Assert.Equal("XFS", fileSystem.Kind);
        Assert.Equal("xfs", fileSystem.GrubName);
    }

    [Fact]
    public void A_changed_uuid_is_the_one_that_is_shown()
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", "other-uuid"));
        Assert.Equal("11111111-2222-4333-8444-555555555555", XfsFileSystem.Open(source).Uuid);
    }

    [Theory]
    [InlineData("v4-any-case")]
    [InlineData("any-case")]
    public void Names_are_found_in_any_case_where_the_filesystem_says_so(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", image));
        GuestFileSystem fileSystem = XfsFileSystem.Open(source);
        FileNode expected = GuestPath.Resolve(fileSystem, "/many/a-name-of-some-length-77"u8);
        Assert.Equal(expected.Number, GuestPath.Resolve(fileSystem, "/MANY/A-Name-of-Some-LENGTH-77"u8).Number);
        Assert.Equal(
            GuestPath.Resolve(fileSystem, "/boot/vmlinuz"u8).Number, GuestPath.Resolve(fileSystem, "/Boot/VMLINUZ"u8).Number);
        // ISO 8859-1 capitals count too: 0xE9 is é, 0xC9 is É.
        Assert.NotNull(GuestPath.TryResolve(fileSystem, [.. "/names/CAF"u8, 0xC9]));
    }

    [Theory]
    [InlineData("v5", "/many")]
    [InlineData("directories", "/many")]
    [InlineData("directories-1k", "/names-200")]
    [InlineData("directory-block-64k", "/names-2000")]
    [InlineData("v4", "/many")]
    public void A_name_that_is_not_there_is_not_found(string image, string folder)
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", image));
        FileNode directory = GuestPath.Resolve(XfsFileSystem.Open(source), Encoding.Latin1.GetBytes(folder));
        FileReads.NamesNotThereAreNotFound(directory, 1000);
        Assert.Null(directory.Find("MANY"u8));
    }

    [Fact]
    public void Reads_of_any_place_and_length_give_the_same_bytes()
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs", "fragments-1k"));
        FileReads.AnyPieceIsThatOfTheWhole(GuestPath.ResolveFile(XfsFileSystem.Open(source), "/fragments"u8));
    }

    [Fact]
    public void Kernel_and_ramdisk_cost_few_reads_and_hardly_more_bytes_than_they_have()
    {
        using FileSource file = FileSource.Open(TestImages.Image("xfs", "large-files"));
        PatchedSource source = new(file);
        FileReads.CopyingCosts(source, () => XfsFileSystem.Open(source), ["/boot/vmlinuz-6.1.0", "/boot/initrd.img-6.1.0"], 40, 512 << 10, 68L << 20);
    }
}
