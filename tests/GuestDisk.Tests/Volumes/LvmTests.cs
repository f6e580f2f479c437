using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Volumes;

/// <summary>Logical volumes on four disks that LVM2's own tools made, against what was put on them and what GRUB reads.</summary>
public sealed class LvmTests : IDisposable
{
    private const string Group = "lvm/vg--one-";
    private readonly List<BlockSource> _disks = [];

    public void Dispose() => _disks.ForEach(disk => disk.Dispose());

    public static TheoryData<string> Volumes => [.. TestImages.Names("lvm")];

    [Theory, MemberData(nameof(Volumes))]
    public void Every_file_on_a_volume_reads_back_as_it_was_put_in(string volume)
    {
        GuestFileSystem fileSystem = Volume(volume, 0, 1, 2, 3).FileSystem!;
        Assert.Equal(volume, System.Text.Encoding.ASCII.GetString(fileSystem.Label));
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("lvm", volume), TreeListing.Of(fileSystem)));
    }

    [Theory]
    [InlineData("root")] // on two disks
    [InlineData("striped")]
    [InlineData("mir")]
    [InlineData("raid1")]
    public void GRUB_reads_the_same_bytes_under_the_same_names(string volume)
    {
        string[] disks = [.. Enumerable.Range(0, 4).Select(Path)];
        GuestVolume ours = Volume(volume, 0, 1, 2, 3);
        byte[] kernel = new byte[GuestPath.ResolveFile(ours.FileSystem!, "/boot/vmlinuz"u8).Size];
        GuestPath.ResolveFile(ours.FileSystem!, "/boot/vmlinuz"u8).Read(0, kernel);
        foreach (string name in (string[])[ours.Assembled!, .. ours.OtherNames])
        {
            Assert.Equal(kernel, Tool.Check(Tool.Path("sid-grub-fstest"), ["-c", "4", .. disks, "cat", $"({name})/boot/vmlinuz"]).Output);
        }
    }

    [Theory]
    [InlineData("mir", 1)]
    [InlineData("mir", 0)]
    [InlineData("raid1", 1)]
    [InlineData("raid1", 2)]
    [InlineData("raid10", 0)]
    [InlineData("raid10", 3)]
    public void A_volume_with_copies_is_read_without_one_of_its_disks(string volume, int missing)
    {
        int[] there = [.. Enumerable.Range(0, 4).Where(disk => disk != missing)];
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("lvm", volume), TreeListing.Of(Volume(volume, there).FileSystem!)));
    }

    [Theory]
    [InlineData("root", 0, "pv0")]
    [InlineData("striped", 3, "pv3")]
    [InlineData("raid0", 1, "pv1")]
    public void A_missing_physical_volume_is_named(string volume, int missing, string name)
    {
        GuestVolume found = Volume(volume, [.. Enumerable.Range(0, 4).Where(disk => disk != missing)]);
        Assert.Null(found.FileSystem);
        Assert.Equal(ImageFault.Incomplete, Assert.IsType<ImageFormatException>(found.Failure).Fault);
        Assert.Contains($"physical volume {name} (", found.Unreadable, StringComparison.Ordinal);
        Assert.Contains("is on none of the disks", found.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_physical_volume_that_is_there_twice_is_not_guessed_at()
    {
        GuestVolume found = Volume("striped", 0, 1, 2, 3, 3);
        Assert.Contains("is there more than once: (hd3), (hd4)", found.Unreadable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("thin", "LVM2's type thin,")]
    [InlineData("cow", "is a snapshot")]
    public void What_is_not_read_says_so(string volume, string sentence)
    {
        GuestVolume found = Volume(volume, 0, 1, 2, 3);
        Assert.Equal(ImageFault.Unsupported, Assert.IsType<ImageFormatException>(found.Failure).Fault);
        Assert.Contains(sentence, found.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_volumes_are_not_shown() =>
        Assert.DoesNotContain(Open(0, 1, 2, 3).Volumes, volume => volume.Assembled?.Contains("_rimage", StringComparison.Ordinal) == true);

    [Fact]
    public void A_damaged_text_gives_way_to_another_disk_s()
    {
        byte[] disk = File.ReadAllBytes(Path(0));
        int text = disk.AsSpan(0, 1 << 20).LastIndexOf("vg-one {"u8); // the newest
        disk[text + 20] ^= 1;
        _disks.Add(new MemorySource(disk));
        _disks.AddRange(Enumerable.Range(1, 3).Select(i => FileSource.Open(Path(i))));
        Assert.Contains(GuestDiskSet.Open(_disks).Volumes, volume => volume.Assembled == Group + "root" && volume.FileSystem is not null);
    }

    [Theory]
    [InlineData(512 + 8)] // sector_xl
    [InlineData(512 + 20)] // offset_xl
    [InlineData(4096 + 4)] // FMTT_MAGIC
    [InlineData(4096 + 40)] // raw_locns[0].offset
    [InlineData(4096 + 48)] // raw_locns[0].size
    public void A_damaged_header_is_named_where_no_other_copy_is(int offset)
    {
        byte[] disk = File.ReadAllBytes(Path(2));
        disk[offset] ^= 0x55;
        GuestVolume volume = GuestDiskSet.Open([new MemorySource(disk)]).Volumes[0];
        Assert.IsType<ImageFormatException>(volume.Failure);
        Assert.Contains("LVM2", volume.Unreadable, StringComparison.Ordinal);
    }

    private GuestDiskSet Open(params int[] disks)
    {
        _disks.AddRange(disks.Select(disk => FileSource.Open(Path(disk))));
        return GuestDiskSet.Open(_disks);
    }

    private GuestVolume Volume(string name, params int[] disks) =>
        Assert.Single(Open(disks).Volumes, volume => volume.Assembled == Group + name);

    private static string Path(int disk)
    {
        TestImages.Image("lvm", "root"); // skips where the group can't be made
        return TestImages.Image("lvm", $"pv{disk}");
    }
}
