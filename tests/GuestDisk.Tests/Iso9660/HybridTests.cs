using System.Text;
using System.Text.RegularExpressions;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Iso9660;

/// <summary>Live media: a filesystem on the whole disk and a partition table beside it, both in use.</summary>
public sealed partial class HybridTests
{
    [Theory]
    [InlineData("hybrid-gpt")]
    [InlineData("hybrid-msdos")]
    [InlineData("hybrid-offset")]
    public void Filesystems_are_where_GRUB_finds_them(string image)
    {
        string path = TestImages.Image("iso", image);
        using FileSource source = FileSource.Open(path);
        GuestDiskSet disks = GuestDiskSet.Open([source]);
        IEnumerable<string> ours = disks.Volumes.Where(volume => volume.FileSystem is not null).Select(volume =>
            $"loop0{(volume.Partition is { } partition ? "," + partition.GrubName : "")} {volume.FileSystem!.GrubName} {volume.FileSystem.Uuid}");
        string shown = Tool.Check(Tool.Path("grub-fstest"), path, "ls", "--", "-l").Text;
        IEnumerable<string> theirs = DeviceLine().Matches(shown).Select(match => $"{match.Groups[1]} {match.Groups[2]} {match.Groups[3]}");
        Assert.Equal(theirs.Order(), ours.Order());
        Assert.DoesNotContain(disks.Volumes[0].Warnings, warning => warning.Contains("remainder", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hybrid-gpt")]
    [InlineData("hybrid-msdos")]
    [InlineData("hybrid-offset")]
    public void The_kernel_reads_the_same_from_each_of_them(string image)
    {
        string path = TestImages.Image("iso", image);
        byte[] expected = Tool.Check(Tool.Path("grub-fstest"), path, "cat", "(loop0)/live/vmlinuz").Output;
        using FileSource source = FileSource.Open(path);
        foreach (GuestVolume volume in GuestDiskSet.Open([source]).Volumes.Where(volume => volume.FileSystem?.GrubName == "iso9660"))
        {
            FileNode file = GuestPath.ResolveFile(volume.FileSystem!, Encoding.ASCII.GetBytes("/live/vmlinuz"));
            byte[] content = new byte[file.Size];
            file.Read(0, content);
            Assert.Equal(expected, content);
        }
    }

    [GeneratedRegex(@"(?:Device|Partition) (loop0\S*): Filesystem type (\S+).*? UUID ([0-9A-F-]+)")]
    private static partial Regex DeviceLine();
}
