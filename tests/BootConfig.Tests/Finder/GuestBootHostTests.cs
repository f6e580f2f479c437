using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

/// <summary>The boot host over a disk that sfdisk and mke2fs made.</summary>
public sealed class GuestBootHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("boothost").FullName;

    [Fact]
    public void Volumes_have_grubs_names_and_what_is_on_them()
    {
        using FileSource disk = MakeDisk();
        IBootHost host = new GuestBootHost(GuestDiskSet.Open([disk]));
        Assert.Equal(["hd0", "hd0,msdos1", "hd0,msdos5"], host.Volumes.Where(volume => volume.GrubName != "hd0,msdos2").Select(volume => volume.GrubName));
        IBootVolume boot = host.Volumes[1];
        Assert.Equal(("ext2", "boot", "11111111-2222-3333-4444-555555555555", "0badcafe-01"), (boot.FileSystem, boot.Label, boot.Uuid, boot.PartitionUuid));
        Assert.True(boot.IsActive);
        Assert.Null(boot.Unreadable);
        Assert.False(host.Volumes[^1].IsActive);
        Assert.NotNull(host.Volumes[^1].Unreadable);
        Assert.Equal("", host.Volumes[^1].FileSystem);
        Assert.Null(host.Volumes[^1].Stat("/"));
        Assert.Null(host.Volumes[^1].List("/"));
        Assert.Null(host.Volumes[^1].ReadFile("/menu", 10));
    }

    [Fact]
    public void Files_directories_and_links_are_what_was_put_in()
    {
        using FileSource disk = MakeDisk();
        IBootVolume boot = ((IBootHost)new GuestBootHost(GuestDiskSet.Open([disk]))).Volumes[1];
        Assert.Equal(new BootFileStat(false, 5), boot.Stat("/menu"));
        Assert.True(boot.Stat("/dir")!.Value.IsDirectory);
        Assert.Equal("hello", GuestText.FromBytes(boot.ReadFile("/dir/../link", 5)!));
        Assert.Equal("bytes", GuestText.FromBytes(boot.ReadFile("/dir/\xff\xfe", 100)!)); // a name that isn't UTF-8
        Assert.Equal(["\xff\xfe"], boot.List("/dir"));
        foreach (string nothing in new[] { "/no", "/menu/x", "/loop", "/dir/no/x" })
        {
            Assert.Null(boot.Stat(nothing));
            Assert.Null(boot.List(nothing));
            Assert.Null(boot.ReadFile(nothing, 10));
        }

        Assert.Null(boot.List("/menu"));
        Assert.Null(boot.ReadFile("/dir", 10));
        Assert.Equal(ImageFault.OverLimit, Assert.Throws<ImageFormatException>(() => boot.ReadFile("/menu", 4)).Fault);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FileSource MakeDisk()
    {
        string tree = Directory.CreateDirectory(Path.Combine(_folder, "tree")).FullName;
        string image = Path.Combine(_folder, "disk.img");
        // Names that are not UTF-8 are beyond .NET: the shell makes and removes them.
        Tool.Check(
            "bash", "-c",
            """
            set -e
            cd "$1"; printf hello > menu; mkdir dir; printf bytes > dir/$'\xff\xfe'; ln -s menu link; ln -s loop loop
            truncate -s 16M "$2"
            printf 'label: dos\nlabel-id: 0x0badcafe\n2048,8192,L,*\n12288,,E\n14336,,L\n' | "$3" -q "$2"
            "$4" -q -F -t ext4 -L boot -U 11111111-2222-3333-4444-555555555555 -E offset=1048576 -d "$1" "$2" 4M
            rm -r "$1"
            """,
            "make", tree, image, Tool.Path("sfdisk"), Tool.Path("sid-mke2fs"));
        return FileSource.Open(image);
    }
}
