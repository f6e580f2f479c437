using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Partitions;

/// <summary>Tables that the real tools made, compared with util-linux and GRUB.</summary>
public sealed class RealTableTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Scripts => new()
    {
        { "four primary", "label: dos\nlabel-id: 0x0badcafe\nsize=4M, type=83, bootable\nsize=4M, type=82\nsize=4M, type=7\nsize=4M, type=8e\n" },
        { "a gap in the numbers", "label: dos\n2 : size=8M, type=83\n4 : size=4M, type=83\n" },
        { "logical ones", "label: dos\nsize=4M\nsize=20M, type=5\n5 : size=2M, type=83\n6 : size=2M, type=82\n7 : size=2M, type=b\n8 : size=2M, type=83\n" },
        { "extended type 0f", "label: dos\nlabel-id: 0x00000001\nsize=20M, type=f\n5 : size=2M\n6 : size=2M, bootable\n" },
        { "extended type 85", "label: dos\nsize=4M\nsize=4M\nsize=20M, type=85\n5 : size=2M\n6 : size=2M\n" },
        { "an extended one without logical ones", "label: dos\nsize=4M\nsize=20M, type=5\n" },
        { "twenty logical ones", "label: dos\nsize=60M, type=5\n" + string.Concat(Enumerable.Range(5, 20).Select(i => $"{i} : size=1M\n")) },
        { "GPT", "label: gpt\nsize=4M, type=U\nsize=4M, name=boot, attrs=\"LegacyBIOSBootable,63\"\nsize=4M, type=S\n" },
        { "GPT with gaps", "label: gpt\n3 : size=4M, name=three\n128 : size=4M, name=last\n" },
        { "GPT of 16 entries", "label: gpt\ntable-length: 16\nsize=4M\n" },
        { "GPT of 512 entries", "label: gpt\ntable-length: 512\nfirst-lba: 2048\nsize=4M\n100 : size=4M\n" },
        { "GPT without partitions", "label: gpt\n" },
        { "an MBR without partitions", "label: dos\nlabel-id: 0x12345678\n" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Is_read_as_util_linux_and_GRUB_do(string what, string script)
    {
        Assert.NotEmpty(what);
        Compare(script, 512);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Is_read_as_util_linux_and_GRUB_do_with_sectors_of_4096_bytes(string what, string script)
    {
        Assert.NotEmpty(what);
        Compare(script, 4096);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_copy_of_a_disk_with_sectors_of_4096_bytes_can_be_opened_as_one(string what, string script)
    {
        Assert.NotEmpty(what);
        string path = TableFixture.Sfdisk(_scratch, script, 4096);
        using LoopDevice loop = new(path, 4096);
        using FileSource copy = FileSource.Open(path, sectorSize: 4096);
        Assert.Equal(TableFixture.UtilLinux(loop), TableFixture.Ours(copy));
    }

    [Fact]
    public void A_copy_with_a_GPT_of_4096_byte_sectors_is_known_without_being_told()
    {
        string path = TableFixture.Sfdisk(_scratch, "label: gpt\nsize=4M, name=a\nsize=8M, name=b\n", 4096);
        using LoopDevice loop = new(path, 4096);
        using FileSource copy = FileSource.Open(path);
        Assert.Equal(TableFixture.UtilLinux(loop), TableFixture.Ours(copy));
        Assert.Equal(4096, PartitionTable.Read(copy)!.SectorSize);
    }

    [Fact]
    public void A_copy_with_an_MBR_of_4096_byte_sectors_is_known_by_what_its_partitions_hold()
    {
        string path = TableFixture.Sfdisk(_scratch, "label: dos\nsize=4M, type=82\nsize=32M, type=83\n", 4096);
        using LoopDevice loop = new(path, 4096);
        string start = TableFixture.UtilLinux(loop)[1].Split(' ')[1];
        Tool.Check("mke2fs", "-q", "-F", "-t", "ext4", "-L", "found", "-E", $"offset={start}", path, "30M");
        using FileSource copy = FileSource.Open(path);
        GuestDiskSet disks = GuestDiskSet.Open([copy]);
        Assert.Equal(4096, disks.Disks[0].Table!.SectorSize);
        Assert.Equal(
            ["MBR: counts in sectors of 4096 bytes, unlike this disk's 512: a copy of a disk of the other kind?"], disks.Disks[0].Table!.Warnings);
        Assert.Equal("found"u8, disks.Volumes.Single(volume => volume.Partition?.Number == 2).FileSystem!.Label);
    }

    [Fact]
    public void The_disks_own_identifier_is_blkids()
    {
        foreach (string script in (string[])["label: dos\nlabel-id: 0x00c0ffee\n", "label: gpt\nlabel-id: 01234567-89AB-CDEF-0123-456789ABCDEF\n"])
        {
            string path = TableFixture.Sfdisk(_scratch, script);
            using FileSource disk = FileSource.Open(path);
            Assert.Equal(Tool.Check("blkid", "-p", "-o", "value", "-s", "PTUUID", path).Text.Trim(), PartitionTable.Read(disk)!.DiskUuid);
        }
    }

    [Fact]
    public void Names_keep_every_character()
    {
        const string name = "Größe ☃ \U0001F427 \"x\"";
        string path = _scratch.File("disk", 64 << 20);
        Tool.Check("env", "LC_ALL=C.UTF-8", Tool.Path("sgdisk"), "-n", "1:0:+4M", "-c", $"1:{name}", path);
        using FileSource disk = FileSource.Open(path);
        Assert.Equal(name, PartitionTable.Read(disk)!.Partitions[0].Name);
    }

    [Fact]
    public void A_name_may_fill_its_field()
    {
        string name = new('n', 36);
        using FileSource disk = FileSource.Open(TableFixture.Sfdisk(_scratch, $"label: gpt\nsize=4M, name={name}\n"));
        Assert.Equal(name, PartitionTable.Read(disk)!.Partitions[0].Name);
    }

    [Fact]
    public void A_hybrid_MBR_is_GPT()
    {
        string path = _scratch.File("disk", 64 << 20);
        Tool.Check(Tool.Path("sgdisk"), "-n", "1:0:+4M", "-n", "2:0:+4M", "-n", "3:0:+4M", path);
        Tool.Check(Tool.Path("sgdisk"), "--hybrid=2:3", path);
        using LoopDevice loop = new(path);
        using FileSource disk = FileSource.Open(loop.Path);
        Assert.Equal(3, TableFixture.Ours(disk).Length);
        Assert.Equal(TableFixture.UtilLinux(loop), TableFixture.Ours(disk));
    }

    [Fact]
    public void The_protective_entry_may_stand_in_any_slot()
    {
        string path = _scratch.File("disk", 64 << 20);
        Tool.Check(Tool.Path("sgdisk"), "-n", "1:0:+4M", "-n", "2:0:+4M", path);
        Tool.Check(Tool.Path("sgdisk"), "--hybrid=2:EE", path); // the protective entry comes last
        using LoopDevice loop = new(path);
        using FileSource disk = FileSource.Open(loop.Path);
        Assert.Equal(TableFixture.UtilLinux(loop), TableFixture.Ours(disk));
        Assert.Equal("gpt", PartitionTable.Read(disk)!.Scheme);
    }

    private void Compare(string script, int sectorSize)
    {
        string path = TableFixture.Sfdisk(_scratch, script, sectorSize);
        using LoopDevice loop = new(path, sectorSize);
        using FileSource disk = FileSource.Open(loop.Path);
        Assert.Equal(TableFixture.UtilLinux(loop), TableFixture.Ours(disk));
        if (sectorSize == 512)
        {
            Assert.Equal(TableFixture.Grub(path), PartitionTable.Read(disk)!.Partitions.Select(partition => partition.GrubName));
        }
    }
}
