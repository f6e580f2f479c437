using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Iso9660;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Iso9660;

/// <summary>Whole trees against what xorriso and genisoimage put in, and names against GRUB.</summary>
public sealed class IsoTreeTests
{
    public static TheoryData<string> Images => [.. TestImages.Names("iso")];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_reads_back_as_it_was_put_in(string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image("iso", image));
        GuestFileSystem fileSystem = Iso9660FileSystem.Open(source);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("iso", image), TreeListing.Of(fileSystem)));
        Assert.Empty(fileSystem.Warnings);
    }

    [Theory, MemberData(nameof(Images))]
    public void Label_and_UUID_are_those_that_GRUB_shows(string image)
    {
        string path = TestImages.Image("iso", image);
        using FileSource source = FileSource.Open(path);
        GuestFileSystem fileSystem = Iso9660FileSystem.Open(source);
        string device = Tool.Check(Tool.Path("grub-fstest"), path, "ls", "--", "-l", "(loop0)").Text;
        string label = fileSystem.Label.Length > 0 ? $" - Label `{Encoding.Latin1.GetString(fileSystem.Label)}'" : "";
        Assert.Contains($"type {fileSystem.GrubName}{label} ", device, StringComparison.Ordinal);
        Assert.Contains($"UUID {fileSystem.Uuid} ", device, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Images))]
    public void The_root_has_the_names_that_GRUB_shows(string image)
    {
        string path = TestImages.Image("iso", image);
        using FileSource source = FileSource.Open(path);
        FileNode root = Iso9660FileSystem.Open(source).Root;
        string shown = Tool.Check(Tool.Path("grub-fstest"), path, "ls", "(loop0)/").Text
            .Replace("elsewhere/ ", "", StringComparison.Ordinal); // where relocated directories are, and marked as one (RE): GRUB knows nothing of that
        IEnumerable<string> ours = root.List().Select(entry =>
            Encoding.Latin1.GetString(entry.Name.Span) + (root.Find(entry.Name.Span)!.Kind == FileKind.Directory ? "/" : ""));
        Assert.Equal(shown.TrimEnd('\n', ' '), string.Join(' ', ours));
    }

    [Theory]
    [InlineData("rock", "Rock Ridge")]
    [InlineData("rock-joliet", "Rock Ridge")] // goes before Joliet
    [InlineData("joliet", "Joliet")]
    [InlineData("plain1", "")]
    public void The_names_that_are_used_are_said(string image, string feature)
    {
        using FileSource source = FileSource.Open(TestImages.Image("iso", image));
        Assert.Equal(feature, string.Join(",", Iso9660FileSystem.Open(source).Features));
    }

    [Theory]
    [InlineData("plain1", "/BOOT/VMLINUZ", true)] // GRUB: no case counts in plain names
    [InlineData("plain1", "/boot/vmlinuz", true)]
    [InlineData("plain1", "/boot/vmlinuz.", false)]
    [InlineData("plain1", "/boot/vmlinuz.;1", false)]
    [InlineData("joliet", "/Mixed Case/File With Blanks.TXT", true)]
    [InlineData("joliet", "/mixed case/file with blanks.txt", false)]
    [InlineData("rock", "/BOOT/vmlinuz", false)]
    public void A_name_is_found_as_GRUB_finds_it(string image, string path, bool isThere)
    {
        string file = TestImages.Image("iso", image);
        using FileSource source = FileSource.Open(file);
        Assert.Equal(isThere, GuestPath.TryResolve(Iso9660FileSystem.Open(source), Encoding.UTF8.GetBytes(path)) is not null);
        Assert.Equal(isThere, Tool.Run(Tool.Path("grub-fstest"), file, "crc", $"(loop0){path}").ExitCode == 0);
    }

    [Theory]
    [InlineData("rock", "/boot/vmlinuz")]
    [InlineData("zisofs", "/boot/vmlinuz")]
    [InlineData("zisofs", "/sizes/hole-middle")]
    [InlineData("zisofs2", "/boot/vmlinuz")]
    public void Any_part_of_a_file_is_what_the_whole_has_there(string image, string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("iso", image));
        FileReads.AnyPieceIsThatOfTheWhole(GuestPath.ResolveFile(Iso9660FileSystem.Open(source), Encoding.ASCII.GetBytes(path)), rounds: 100);
    }

    [Fact]
    public void A_kernel_and_a_ramdisk_cost_few_reads()
    {
        using FileSource file = FileSource.Open(TestImages.Image("iso", "rock"));
        Damage.PatchedSource source = new(file);
        FileReads.CopyingCosts(source, () => Iso9660FileSystem.Open(source), ["/boot/vmlinuz", "/boot/initrd.img"], 40, 200_000, 3_500_001);
    }
}
