using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.ExFat;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.ExFat;

/// <summary>Whole trees against what Debian's kernel was given to put in, names and labels against GRUB.</summary>
public sealed class ExFatTreeTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("exfat")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_it_was_put_in(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("exfat", image));
        GuestFileSystem fileSystem = ExFatFileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("exfat", image), TreeListing.Of(fileSystem)));
        Assert.Equal(image == "dirty" ? 1 : 0, fileSystem.Warnings.Count);
    }

    [Theory, MemberData(nameof(Images))]
    public void Label_and_UUID_are_those_that_GRUB_shows(string image)
    {
        string path = TestImages.Image("exfat", image);
        using FileSource source = FileSource.Open(path);
        GuestFileSystem fileSystem = ExFatFileSystem.Open(source);
        string device = Tool.Check(Tool.Path("grub-fstest"), path, "ls", "--", "-l", "(loop0)").Text;
        string label = fileSystem.Label.Length > 0 ? $" - Label `{Encoding.Latin1.GetString(fileSystem.Label)}'," : ""; // GRUB leaves an empty one out
        Assert.Contains($"type {fileSystem.GrubName}{label}", device, StringComparison.Ordinal);
        Assert.Contains($"UUID {fileSystem.Uuid}", device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/BOOT/vmlinuz-6.1.0-31-AMD64", 3000000)] // another case
    [InlineData("/names/ÉTÉ €", 5)] // and of letters that only the volume's table knows
    [InlineData("/names/.Hidden.FILE.d.", 5)] // Linux and Windows: dots at the end don't count
    public void A_name_is_found_in_any_case(string path, long size)
    {
        using FileSource source = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        Assert.Equal(size, GuestPath.ResolveFile(ExFatFileSystem.Open(source), Encoding.UTF8.GetBytes(path)).Size);
    }

    [Theory]
    [InlineData("/names/ete €")]
    [InlineData("/names/.hidden.file")]
    [InlineData("/deleted")]
    [InlineData("/boot/vmlinuz-6.1.0-31-amd64/x")]
    public void A_name_that_is_another_is_not(string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        Assert.Null(GuestPath.TryResolve(ExFatFileSystem.Open(source), Encoding.UTF8.GetBytes(path)));
    }

    [Theory]
    [InlineData("pieces", "/large")]
    [InlineData("cluster-512", "/boot/vmlinuz-6.1.0-31-amd64")]
    public void Any_part_of_a_file_is_what_the_whole_has_there(string image, string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("exfat", image));
        FileReads.AnyPieceIsThatOfTheWhole(GuestPath.ResolveFile(ExFatFileSystem.Open(source), Encoding.ASCII.GetBytes(path)));
    }
}
