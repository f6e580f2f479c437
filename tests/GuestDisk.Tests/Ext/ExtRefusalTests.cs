using System.Buffers.Binary;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Ext;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Ext;

/// <summary>What is not read is named; what is damaged is called corrupt, with the structure.</summary>
public sealed class ExtRefusalTests
{
    private static readonly Lazy<byte[]> Good = new(() => File.ReadAllBytes(TestImages.Image("ext", "ext4-1k")));

    [Fact]
    public void Zeros_are_not_recognized()
    {
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(new byte[8192])));
        Assert.Equal(ImageFault.NotRecognized, e.Fault);
    }

    [Fact]
    public void A_source_shorter_than_a_superblock_is_not_recognized()
    {
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(new byte[1500])));
        Assert.Equal(ImageFault.NotRecognized, e.Fault);
    }

    [Theory]
    [InlineData(0x1u, "compression (0x1)")]
    [InlineData(0x1000u, "dirdata (0x1000)")]
    [InlineData(0x80000u, "unknown (0x80000)")]
    [InlineData(0x80000001u, "compression (0x1), unknown (0x80000000)")]
    public void An_incompatible_feature_that_is_not_read_is_named(uint bits, string name)
    {
        byte[] image = (byte[])Good.Value.Clone();
        SuperblockPatch.Set(image, 0x60, value => value | bits);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(image)));
        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.EndsWith(name, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x18, 7u)] // s_log_block_size
    [InlineData(0x18, 0xFFFFFFFFu)]
    [InlineData(0x20, 0u)] // s_blocks_per_group
    [InlineData(0x20, 0x7FFFFFFFu)]
    [InlineData(0x28, 0u)] // s_inodes_per_group
    [InlineData(0x28, 0x7FFFFFFFu)]
    [InlineData(0x0, 0u)] // s_inodes_count
    [InlineData(0x0, 0xFFFFFFFFu)]
    [InlineData(0x4, 0u)] // s_blocks_count_lo
    [InlineData(0x14, 0x1000000u)] // s_first_data_block
    [InlineData(0x150, 0xFFFFFFFFu)] // s_blocks_count_hi
    [InlineData(0x58, 96u)] // s_inode_size
    [InlineData(0x58, 32768u)]
    [InlineData(0xFC, 0x00480000u)] // s_desc_size
    public void A_superblock_whose_numbers_make_no_sense_is_corrupt(int offset, uint value)
    {
        byte[] image = (byte[])Good.Value.Clone();
        SuperblockPatch.Set(image, offset, _ => value);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(new MemorySource(image)));
        Assert.Equal((ImageFault.Corrupt, "ext4 superblock"), (e.Fault, e.Structure));
    }

    [Fact]
    public void A_device_that_is_cut_is_told_of_and_what_lies_behind_its_end_is_truncated()
    {
        byte[] image = Good.Value[..(4 << 20)];
        GuestFileSystem fileSystem = ExtFileSystem.Open(new MemorySource(image));
        Assert.Contains(fileSystem.Warnings, warning => warning.Contains("but the device ends at byte 4194304", StringComparison.Ordinal));
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => TreeListing.Of(fileSystem));
        Assert.Equal(ImageFault.Truncated, e.Fault);
    }

    [Theory]
    [InlineData("/secret", "encrypted")]
    [InlineData("/anycase", "casefold")]
    public void A_directory_that_is_not_read_is_named(string path, string word)
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", "flagged"));
        FileNode node = GuestPath.Resolve(ExtFileSystem.Open(source), System.Text.Encoding.UTF8.GetBytes(path));
        ImageFormatException listed = Assert.Throws<ImageFormatException>(() => node.List().Count());
        ImageFormatException found = Assert.Throws<ImageFormatException>(() => node.Find("x"u8));
        Assert.All([listed, found], e => Assert.Equal((ImageFault.Unsupported, $"ext4 inode {node.Number}"), (e.Fault, e.Structure)));
        Assert.All([listed, found], e => Assert.Contains(word, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_encrypted_file_or_link_is_named_and_others_are_read()
    {
        using FileSource source = FileSource.Open(TestImages.Image("ext", "flagged"));
        GuestFileSystem fileSystem = ExtFileSystem.Open(source);
        ImageFormatException file = Assert.Throws<ImageFormatException>(
            () => GuestPath.Resolve(fileSystem, "/old/data"u8).Read(0, new byte[10]));
        ImageFormatException link = Assert.Throws<ImageFormatException>(
            () => GuestPath.Resolve(fileSystem, "/old/link"u8, followLast: false).ReadLink());
        Assert.All([file, link], e => Assert.Equal(ImageFault.Unsupported, e.Fault));
        byte[] bytes = new byte[10];
        Assert.Equal(6, GuestPath.Resolve(fileSystem, "/old/sub/file-with-a-long-name-7"u8).Read(0, bytes));
        Assert.Equal("old 7\n"u8.ToArray(), bytes[..6]);
    }

    [Fact]
    public void A_flipped_bit_in_the_superblock_is_found() => Assert.Equal("ext4 superblock", FlippedAt(1024 + 0x78, Open).Structure);

    [Fact]
    public void A_flipped_bit_in_a_group_descriptor_is_found() =>
        Assert.Equal("ext4 group descriptor 0", FlippedAt(2048 + 0x10, Open).Structure);

    [Fact]
    public void A_flipped_bit_in_an_inode_is_found()
    {
        int table = BinaryPrimitives.ReadInt32LittleEndian(Good.Value.AsSpan(2048 + 0x8)) * 1024; // bg_inode_table_lo
        Assert.Equal("ext4 inode 2", FlippedAt(table + 256 + 0x10, Open).Structure);
    }

    [Theory]
    [InlineData("/boot", 8)] // a leaf
    [InlineData("/many", 40)] // the tree's root: an entry
    [InlineData("/many", 20)] // the name of ".."
    public void A_flipped_bit_in_a_directory_is_found(string path, int offset)
    {
        (ExtVolume volume, ExtInode inode) = Inode(path);
        long block = BlockMap.Of(volume, inode).Find(0).Physical;
        byte[] name = System.Text.Encoding.UTF8.GetBytes(path);
        ImageFormatException e = FlippedAt(((int)block * 1024) + offset, fs => Assert.NotEmpty(GuestPath.Resolve(fs, name).List()));
        Assert.Equal($"ext4 directory block of inode {inode.Number}", e.Structure);
    }

    [Fact]
    public void A_flipped_bit_in_an_extent_block_is_found()
    {
        byte[] image = File.ReadAllBytes(TestImages.Image("ext", "fragments-ext4-1k"));
        MemorySource source = new(image);
        ExtFileSystem fileSystem = ExtFileSystem.Open(source);
        FileNode node = GuestPath.Resolve(fileSystem, "/alternating"u8);
        ExtInode inode = new ExtVolume(ExtSuperblock.Read(source), source).ReadInode(node.Number);
        int child = BinaryPrimitives.ReadInt32LittleEndian(inode.Body.AsSpan(12 + 4)) * 1024; // ei_leaf_lo of the root's first entry
        image[child + 20] ^= 4;
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExtFileSystem.Open(source).GetNode(node.Number).Read(0, new byte[100]));
        Assert.Equal((ImageFault.Corrupt, $"ext4 extent node of inode {node.Number}"), (e.Fault, e.Structure));
    }

    private static void Open(GuestFileSystem fileSystem)
    {
    }

    private static ImageFormatException FlippedAt(int offset, Action<GuestFileSystem> use)
    {
        byte[] image = (byte[])Good.Value.Clone();
        image[offset] ^= 1;
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => use(ExtFileSystem.Open(new MemorySource(image))));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        return e;
    }

    private static (ExtVolume Volume, ExtInode Inode) Inode(string path)
    {
        MemorySource source = new(Good.Value);
        ulong number = GuestPath.Resolve(ExtFileSystem.Open(source), System.Text.Encoding.UTF8.GetBytes(path)).Number;
        ExtVolume volume = new(ExtSuperblock.Read(source), source);
        return (volume, volume.ReadInode(number));
    }
}
