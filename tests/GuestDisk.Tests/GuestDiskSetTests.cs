using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Partitions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests;

public sealed class GuestDiskSetTests : IDisposable
{
    private const int Mega = 1 << 20;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Volumes_come_disk_by_disk_each_disk_before_its_partitions()
    {
        string first = TableFixture.Sfdisk(_scratch, "label: dos\nsize=4M\n3 : size=4M\n");
        File.Move(first, _scratch["first"]);
        string second = TableFixture.Sfdisk(_scratch, "label: gpt\n2 : size=4M\n");
        using FileSource a = FileSource.Open(_scratch["first"]);
        using FileSource b = FileSource.Open(second);
        Assert.Equal(
            ["0 ", "0 msdos1", "0 msdos3", "1 ", "1 gpt2"],
            GuestDiskSet.Open([a, b]).Volumes.Select(volume => $"{volume.DiskIndex} {volume.Partition?.GrubName}"));
    }

    [Fact]
    public void A_partitioned_disk_says_so_where_a_filesystem_would_be()
    {
        using FileSource disk = FileSource.Open(TableFixture.Sfdisk(_scratch, "label: gpt\nsize=4M\nsize=4M\n"));
        Assert.Equal("partition table gpt with 2 partitions", GuestDiskSet.Open([disk]).Volumes[0].Unreadable);
    }

    [Fact]
    public void An_empty_disk_is_one_volume_with_nothing_readable()
    {
        using FileSource disk = FileSource.Open(_scratch.File("disk", Mega));
        GuestVolume volume = Assert.Single(GuestDiskSet.Open([disk]).Volumes);
        Assert.Null(volume.Failure);
        Assert.Contains("none that can be read here", volume.Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_without_a_byte_is_an_answer_too()
    {
        using FileSource disk = FileSource.Open(_scratch.File("disk", 0));
        Assert.Single(GuestDiskSet.Open([disk]).Volumes);
    }

    [Fact]
    public void A_filesystem_on_the_whole_disk_is_found()
    {
        using FileSource disk = FileSource.Open(Ext4("disk"));
        GuestVolume volume = Assert.Single(GuestDiskSet.Open([disk]).Volumes);
        Assert.Equal("ext4", volume.FileSystem?.Kind);
        Assert.Null(volume.Unreadable);
    }

    [Fact]
    public void A_filesystem_behind_an_offset_is_found()
    {
        string path = _scratch.File("disk", 40 * Mega);
        TableFixture.Poke(path, 12345 * 512, File.ReadAllBytes(Ext4("fs")));
        using FileSource disk = FileSource.Open(path);
        using SliceSource slice = new(disk, 12345 * 512, disk.Length - (12345 * 512), "offset");
        Assert.Equal("ext4", Assert.Single(GuestDiskSet.Open([slice]).Volumes).FileSystem?.Kind);
    }

    [Fact]
    public void A_filesystem_and_partitions_on_one_disk_are_both_shown_as_GRUB_does()
    {
        string path = Ext4("disk");
        TableFixture.ApplySfdisk(path, "label: dos\nstart=16384, size=4M\n");
        using FileSource disk = FileSource.Open(path);
        GuestDiskSet set = GuestDiskSet.Open([disk]);
        Assert.Equal(["msdos1"], TableFixture.Grub(path));
        Assert.Equal(0, Tool.Run(Tool.Path("sid-grub-fstest"), path, "ls", "(loop0)/lost+found").ExitCode); // GRUB reads the whole disk as well
        Assert.Equal(2, set.Volumes.Count);
        Assert.Equal("ext4", set.Volumes[0].FileSystem?.Kind);
        Assert.Equal("ext4 on the whole disk, and 1 partitions on it: one of the two is a remainder", Assert.Single(set.Volumes[0].Warnings));
    }

    [Fact]
    public void An_old_backup_GPT_behind_a_filesystem_on_the_whole_disk_does_not_count()
    {
        string path = TableFixture.Sfdisk(_scratch, "label: gpt\nsize=4M\n", mebibytes: 24);
        Tool.Check("mke2fs", "-q", "-F", "-t", "ext4", path, "16M"); // the backup stays behind it
        using FileSource disk = FileSource.Open(path);
        Assert.Single(GuestDiskSet.Open([disk]).Volumes);
    }

    [Fact]
    public void A_FAT_boot_sector_is_no_partition_table()
    {
        string path = _scratch.File("disk", 8 * Mega);
        Tool.Check(Tool.Path("mkfs.vfat"), path);
        using FileSource disk = FileSource.Open(path);
        Assert.Equal("fat", Assert.Single(GuestDiskSet.Open([disk]).Volumes).FileSystem?.GrubName);
        Assert.Empty(TableFixture.Grub(path));
    }

    [Fact]
    public void A_swap_space_is_named()
    {
        string path = _scratch.File("disk", Mega);
        Tool.Check("mkswap", path);
        Assert.Equal("Linux swap space: holds no files", Reason(path));
    }

    [Fact]
    public void A_filesystem_that_is_known_only_by_its_signature_is_named()
    {
        string path = _scratch.File("disk", Mega);
        using (FileStream disk = File.OpenWrite(path))
        {
            disk.Position = 32768;
            disk.Write("JFS1"u8);
        }

        Assert.Equal("JFS filesystem: not readable yet", Reason(path));
    }

    [Fact]
    public void An_LVM_physical_volume_is_named()
    {
        string path = _scratch.File("disk", 8 * Mega);
        using LoopDevice loop = new(path);
        PvCreate(loop.Path);
        Assert.Equal("LVM2 physical volume: what lies on it is a volume of its own", Reason(path));
    }

    [Theory]
    [InlineData("luks1")]
    [InlineData("luks2")]
    public void An_encrypted_volume_is_named(string type)
    {
        string path = _scratch.File("disk", 32 * Mega);
        File.WriteAllText(_scratch["key"], "key");
        Tool.Check(Tool.Path("cryptsetup"), "-q", "luksFormat", "--type", type, "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", path, _scratch["key"]);
        Assert.Equal("LUKS encrypted volume: not readable yet", Reason(path));
    }

    [Theory]
    [InlineData((24 * Mega) - 8192, 72, 1, "ext4")] // md_p.h: struct mdp_superblock_1's level, and mdp_super_t's
    [InlineData((24 * Mega) - 8192, 72, 0, "Linux RAID member (metadata 1.0): not readable yet")]
    [InlineData((24 * Mega) - 65536, 28, 1, "ext4")]
    [InlineData((24 * Mega) - 65536, 28, 5, "Linux RAID member (metadata 0.90): not readable yet")]
    public void Only_a_mirrors_filesystem_is_read_from_one_member(int offset, int levelOffset, byte level, string expected)
    {
        string path = Ext4("member");
        using (FileStream grown = new(path, FileMode.Open))
        {
            Assert.True(grown.Length <= 23 * Mega);
            grown.SetLength(24 * Mega);
        }

        TableFixture.Poke(path, offset, 0xFC, 0x4E, 0x2B, 0xA9);
        TableFixture.Poke(path, offset + levelOffset, level);
        using FileSource disk = FileSource.Open(path);
        GuestVolume volume = Assert.Single(GuestDiskSet.Open([disk]).Volumes);
        Assert.Equal(expected, volume.FileSystem?.Kind ?? volume.Unreadable);
    }

    [Theory]
    [InlineData(0, "1.1")]
    [InlineData(4096, "1.2")]
    [InlineData((8 * Mega) - 8192, "1.0")]
    [InlineData((8 * Mega) - 65536, "0.90")]
    public void A_RAID_member_is_named(long offset, string version)
    {
        string path = _scratch.File("disk", 8 * Mega);
        TableFixture.Poke(path, offset, 0xFC, 0x4E, 0x2B, 0xA9, version == "0.90" ? (byte)0 : (byte)1); // md_p.h: MD_SB_MAGIC, major_version
        Assert.Equal($"Linux RAID member (metadata {version}): not readable yet", Reason(path));
    }

    [Fact]
    public void An_old_superblock_inside_a_physical_volume_is_not_read()
    {
        string path = Ext4("disk");
        using (FileSource before = FileSource.Open(path))
        {
            byte[] superblock = before.ReadExactly(1024, 1024);
            using LoopDevice loop = new(path);
            PvCreate(loop.Path);
            TableFixture.Poke(path, 1024, superblock);
        }

        Assert.Equal("LVM2 physical volume: what lies on it is a volume of its own", Reason(path));
    }

    [Fact]
    public void A_partition_that_cannot_be_read_does_not_keep_the_others_from_it()
    {
        string path = TableFixture.Sfdisk(_scratch, "label: dos\nsize=4M\nstart=65536, size=4M\n");
        TableFixture.Poke(path, Mega, File.ReadAllBytes(Ext4("fs", 4)));
        using LoopDevice loop = new(path);
        using FileSource disk = FileSource.Open(loop.Path);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(32 * Mega); // the second partition begins there: reading it is EIO now
        }

        GuestDiskSet set = GuestDiskSet.Open([disk]);
        Assert.Equal(3, set.Volumes.Count);
        Assert.Equal("ext4", set.Volumes[1].FileSystem?.Kind);
        SourceReadException failure = Assert.IsType<SourceReadException>(set.Volumes[2].Failure);
        Assert.Equal(failure.Message, set.Volumes[2].Unreadable);
    }

    private static void PvCreate(string device) => Tool.Check(
        Tool.Path("pvcreate"), "-f", "-y", "--nolocking", "--config", $"devices {{ scan=\"/dev\" use_devicesfile=0 filter=[\"a|{device}$|\",\"r|.*|\"] }}", device);

    private string Ext4(string name, int mebibytes = 16)
    {
        string path = _scratch.File(name, mebibytes * Mega);
        Tool.Check("mke2fs", "-q", "-F", "-t", "ext4", path);
        return path;
    }

    private static string? Reason(string path)
    {
        using FileSource disk = FileSource.Open(path);
        return GuestDiskSet.Open([disk]).Volumes[0].Unreadable;
    }
}
