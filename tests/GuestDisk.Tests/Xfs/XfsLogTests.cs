using System.Globalization;
using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>Filesystems whose guest crashed: what is read is what the kernel shows after its own recovery.</summary>
public sealed class XfsLogTests
{
    private const string Replayed = "its log was replayed in memory";

    public static TheoryData<string> Images => [.. TestImages.Names("xfs-log").Where(name => name != "external")];

    /// <summary>Of Debian 12's kernel, which mounts version 4.</summary>
    public static TheoryData<string> ImagesOfAnOlderKernel => [.. TestImages.Names("xfs-log-vm")];

    /// <summary>Images with some bytes changed.</summary>
    public static TheoryData<string> Torn =>
        [.. Directory.EnumerateFiles(Path.Combine(TestImages.Folder("xfs-log"), "torn"), "*.patch").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Images))]
    public void Every_file_is_as_after_the_kernels_recovery(string image) => Compare("xfs-log", image);

    [Theory, MemberData(nameof(ImagesOfAnOlderKernel))]
    public void Every_file_is_as_after_an_older_kernels_recovery(string image) => Compare("xfs-log-vm", image);

    [Fact]
    public void A_crashed_installation_has_the_new_kernel_and_the_new_configuration()
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs-log", "kernel"));
        GuestFileSystem fileSystem = XfsFileSystem.Open(source);
        SortedDictionary<string, TreeEntry> expected = TestImages.Tree("xfs-log", "kernel");
        Assert.Equal("boot/vmlinuz-new", Encoding.Latin1.GetString(GuestPath.Resolve(fileSystem, "/vmlinuz"u8, followLast: false).ReadLink()));
        FileNode kernel = GuestPath.ResolveFile(fileSystem, "/vmlinuz"u8);
        Assert.Equal(expected["boot/vmlinuz-new"].Content, TreeListing.Hash(kernel));
        FileReads.AnyPieceIsThatOfTheWhole(kernel);
        byte[] menu = new byte[100];
        int length = GuestPath.ResolveFile(fileSystem, "/boot/grub/grub.cfg"u8).Read(0, menu);
        Assert.Equal("linux /boot/vmlinuz-new\n", Encoding.Latin1.GetString(menu, 0, length));
        Assert.Null(GuestPath.TryResolve(fileSystem, "/boot/vmlinuz-old"u8));
    }

    [Theory, MemberData(nameof(Torn))]
    public void What_was_torn_is_left_out_or_refused_as_the_kernel_does(string name)
    {
        string place = Path.Combine(TestImages.Folder("xfs-log"), "torn", name);
        string[][] patches = [.. File.ReadLines(place + ".patch").Select(line => line.Split(' '))];
        using FileSource file = FileSource.Open(TestImages.Image("xfs-log", patches[0][0]));
        PatchedSource source = new(file);
        foreach (string[] patch in patches)
        {
            source.Patch(long.Parse(patch[1], CultureInfo.InvariantCulture), Convert.FromHexString(patch[2]));
        }

        if (File.Exists(place + ".refused"))
        {
            Assert.Equal(ImageFault.Corrupt, Assert.Throws<ImageFormatException>(() => XfsFileSystem.Open(source)).Fault);
            return;
        }

        Assert.Equal("", TreeListing.Differences(TreeListing.Expected(place + ".tree"), TreeListing.Of(XfsFileSystem.Open(source))));
    }

    [Fact]
    public void A_log_on_another_disk_is_found_and_replayed()
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs-log", "external"));
        using FileSource log = FileSource.Open(Path.ChangeExtension(TestImages.Image("xfs-log", "external"), ".log"));
        using FileSource other = FileSource.Open(TestImages.Image("xfs-log", "wrapped"));
        GuestDiskSet disks = GuestDiskSet.Open([source, other, log]);
        GuestFileSystem fileSystem = disks.Volumes[0].FileSystem!;
        Assert.Contains(Replayed, Assert.Single(fileSystem.Warnings), StringComparison.Ordinal);
        Assert.Equal(fileSystem.Warnings, disks.Volumes[0].Warnings);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("xfs-log", "external"), TreeListing.Of(fileSystem)));
    }

    [Fact]
    public void A_log_on_another_disk_that_is_not_there_is_said_to_be_away()
    {
        using FileSource source = FileSource.Open(TestImages.Image("xfs-log", "external"));
        using FileSource other = FileSource.Open(TestImages.Image("xfs-log", "wrapped"));
        GuestDiskSet disks = GuestDiskSet.Open([source, other]);
        Assert.Contains("the log is on another device, which is not among the guest's", Assert.Single(disks.Volumes[0].Warnings), StringComparison.Ordinal);
    }

    private static void Compare(string group, string image)
    {
        using FileSource source = FileSource.Open(TestImages.Image(group, image));
        GuestFileSystem fileSystem = XfsFileSystem.Open(source);
        Assert.Contains(Replayed, Assert.Single(fileSystem.Warnings), StringComparison.Ordinal);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree(group, image), TreeListing.Of(fileSystem)));
    }
}
