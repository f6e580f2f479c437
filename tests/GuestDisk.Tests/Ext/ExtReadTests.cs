using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>How files are read: how much of the disk it takes, and where a read begins and ends.</summary>
public sealed class ExtReadTests
{
    [Fact]
    public void Copying_a_kernel_and_a_ramdisk_takes_few_and_large_reads()
    {
        using FileSource file = FileSource.Open(TestImages.Image("ext", "sizes"));
        PatchedSource source = new(file);
        FileReads.CopyingCosts(source, () => ExtFileSystem.Open(source), ["/boot/vmlinuz", "/boot/initrd.img"], 40, 512 << 10, 68L << 20);
    }

    [Fact]
    public void A_file_of_128_GiB_ends_where_it_ends_and_its_holes_are_zeros()
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", "sizes"));
        FileNode node = GuestPath.ResolveFile(ExtFileSystem.Open(source), "/huge"u8);
        Assert.Equal(128L << 30, node.Size);
        byte[] buffer = new byte[10000];
        buffer.AsSpan().Fill(1);
        Assert.Equal(10000, node.Read((127L << 30) - 5000, buffer));
        Assert.False(buffer.AsSpan(0, 5000).ContainsAnyExcept((byte)0));
        Assert.True(buffer.AsSpan(5000).ContainsAnyExcept((byte)0));
        Assert.Equal(7, node.Read((128L << 30) - 7, buffer));
        Assert.Equal(0, node.Read(128L << 30, buffer));
        Assert.Equal(0, node.Read(long.MaxValue, buffer));
    }

    [Theory]
    [InlineData("fragments-ext4-1k", "/alternating")]
    [InlineData("fragments-ext2-1k", "/far")]
    [InlineData("fragments-ext4-bigalloc", "/holes")]
    [InlineData("ext4-inline", "/sizes/100")]
    [InlineData("ext4-inline", "/sizes/hole")]
    public void Any_part_of_a_file_is_what_the_whole_has_there(string image, string path)
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", image));
        FileReads.AnyPieceIsThatOfTheWhole(GuestPath.ResolveFile(ExtFileSystem.Open(source), System.Text.Encoding.ASCII.GetBytes(path)));
    }

    [Fact]
    public void Looking_names_up_in_a_large_directory_reads_a_few_blocks_of_it()
    {
        using FileSource file = FileSource.Open(TestImages.Image("ext", "names-half-md4"));
        PatchedSource source = new(file);
        FileNode directory = GuestPath.Resolve(ExtFileSystem.Open(source), "/names"u8);
        int before = source.Reads;
        Assert.NotNull(directory.Find("first"u8));
        Assert.Null(directory.Find("no such name"u8));
        Assert.InRange(source.Reads - before, 1, 8);
    }

    [Fact]
    public void The_directory_for_three_levels_has_them()
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", "names-large-dir"));
        ulong number = GuestPath.Resolve(ExtFileSystem.Open(source), "/names"u8).Number;
        ExtVolume volume = new(ExtSuperblock.Read(source), source);
        Assert.Equal(2, new DirectoryBlocks(volume, volume.ReadInode(number)).Block(0).U8(HashTree.RootInfoOffset + 6));
    }
}
