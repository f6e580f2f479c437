using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Fat;

/// <summary>Whole trees against what mtools put in, and names against GRUB.</summary>
public sealed class FatTreeTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("fat")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_it_was_put_in(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("fat", image));
        GuestFileSystem fileSystem = FatFileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("fat", image), TreeListing.Of(fileSystem)));
    }

    [Theory, MemberData(nameof(Images))]
    public void Label_and_UUID_are_those_that_GRUB_shows(string image)
    {
        string path = TestImages.Image("fat", image);
        using FileSource source = FileSource.Open(path);
        GuestFileSystem fileSystem = FatFileSystem.Open(source);
        string device = Tool.Check(Tool.Path("grub-fstest"), path, "ls", "--", "-l", "(loop0)").Text;
        string label = fileSystem.Label.Length > 0 ? $" - Label `{Encoding.ASCII.GetString(fileSystem.Label)}'," : ""; // GRUB leaves an empty one out
        Assert.Contains($"type {fileSystem.GrubName}{label}", device, StringComparison.Ordinal);
        Assert.Contains($"UUID {fileSystem.Uuid}", device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fat12", "FAT12")]
    [InlineData("fat16", "FAT16")]
    [InlineData("fat32", "FAT32")]
    public void The_width_is_what_mkfs_was_told(string image, string kind)
    {
        using FileSource source = FileSource.Open(TestImages.Image("fat", image));
        Assert.Equal(kind, FatFileSystem.Open(source).Kind);
    }

    [Theory]
    [InlineData("/efi/LINUX/Kernel-6.1.0-31-AMD64.efi")] // another case
    [InlineData("/EFI/Linux/kernel-6.1.0-31-amd64.efi")]
    [InlineData("/efi/linux/kernel~1.efi")] // its short name
    [InlineData("/EFI/Linux/kernel-6.1.0-31-amd64.efi.")] // Linux: trailing dots don't count
    public void A_name_is_found_in_any_case(string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("fat", "fat32"));
        FileNode file = GuestPath.ResolveFile(FatFileSystem.Open(source), Encoding.UTF8.GetBytes(path));
        Assert.Equal(3000000, file.Size);
    }

    [Theory]
    [InlineData("/EFI/Linux/kernel-6.1.0-31-amd64")]
    [InlineData("/efi/linux/kernel~2.efi")]
    [InlineData("/EFI/Linux/kernel-6.1.0-31-amd64.efi/x")]
    public void A_name_that_is_another_is_not(string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("fat", "fat32"));
        Assert.Null(GuestPath.TryResolve(FatFileSystem.Open(source), Encoding.UTF8.GetBytes(path)));
    }

    [Theory]
    [InlineData("fat12-fragments", "/large")]
    [InlineData("fat32", "/EFI/Linux/kernel-6.1.0-31-amd64.efi")]
    public void Any_part_of_a_file_is_what_the_whole_has_there(string image, string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("fat", image));
        FileReads.AnyPieceIsThatOfTheWhole(GuestPath.ResolveFile(FatFileSystem.Open(source), Encoding.ASCII.GetBytes(path)));
    }
}
