using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.Sources;
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
        CountingSource source = new(file);
        GuestFileSystem fileSystem = ExtFileSystem.Open(source);
        long payload = 0;
        byte[] buffer = new byte[1 << 20];
        foreach (string path in (string[])["/boot/vmlinuz", "/boot/initrd.img"])
        {
            FileNode node = GuestPath.ResolveFile(fileSystem, System.Text.Encoding.ASCII.GetBytes(path));
            for (int count; (count = node.Read(payload, buffer)) > 0;)
            {
                payload += count;
            }

            Assert.Equal(node.Size, payload);
            payload = 0;
        }

        const long total = 68L << 20;
        Assert.InRange(source.Reads, 68, 68 + 40);
        Assert.InRange(source.Bytes, total, total + (512 << 10));
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
        FileNode node = GuestPath.ResolveFile(ExtFileSystem.Open(source), System.Text.Encoding.ASCII.GetBytes(path));
        byte[] whole = new byte[node.Size];
        Assert.Equal(whole.Length, node.Read(0, whole));
        Random random = new(1);
        byte[] part = new byte[20000];
        for (int i = 0; i < 500; i++)
        {
            int start = random.Next(whole.Length);
            int length = random.Next(1, part.Length);
            int expected = Math.Min(length, whole.Length - start);
            Assert.Equal(expected, node.Read(start, part.AsSpan(0, length)));
            Assert.True(part.AsSpan(0, expected).SequenceEqual(whole.AsSpan(start, expected)), $"{expected} bytes at {start}");
        }
    }

    [Fact]
    public void Looking_names_up_in_a_large_directory_reads_a_few_blocks_of_it()
    {
        using FileSource file = FileSource.Open(TestImages.Image("ext", "names-half-md4"));
        CountingSource source = new(file);
        FileNode directory = GuestPath.Resolve(ExtFileSystem.Open(source), "/names"u8);
        long before = source.Reads;
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

    private sealed class CountingSource(BlockSource below) : BlockSource
    {
        public long Reads { get; private set; }

        public long Bytes { get; private set; }

        public override string Name => below.Name;

        public override long Length => below.Length;

        public override int SectorSize => below.SectorSize;

        protected override void ReadCore(long offset, Span<byte> buffer)
        {
            Reads++;
            Bytes += buffer.Length;
            below.ReadExactly(offset, buffer);
        }
    }
}
