using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.SquashFs;

/// <summary>Superblocks, inodes, lists and packed blocks that lie.</summary>
public sealed class SquashFsHostileTests
{
    private const int Variants = 300;

    [Theory]
    [InlineData(0, new byte[] { (byte)'X' }, ImageFault.NotRecognized, "hsqs")]
    [InlineData(28, new byte[] { 3, 0, 1, 0 }, ImageFault.Unsupported, "version 3.1")]
    [InlineData(30, new byte[] { 1 }, ImageFault.Unsupported, "version 4.1")]
    [InlineData(12, new byte[] { 0, 0, 0, 0 }, ImageFault.Corrupt, "blocks of 0 bytes")]
    [InlineData(12, new byte[] { 0, 0, 3, 0 }, ImageFault.Corrupt, "blocks of 196608 bytes")]
    [InlineData(12, new byte[] { 0, 0, 0, 0x20 }, ImageFault.Corrupt, "blocks of 536870912 bytes")]
    [InlineData(22, new byte[] { 16, 0 }, ImageFault.Corrupt, "logarithm")]
    [InlineData(20, new byte[] { 7, 0 }, ImageFault.Unsupported, "compression 7")]
    [InlineData(26, new byte[] { 0, 0 }, ImageFault.Corrupt, "0 ids")]
    [InlineData(26, new byte[] { 0xFF, 0xFF }, ImageFault.Corrupt, "65535 ids")]
    [InlineData(16, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "4294967295 fragments")]
    [InlineData(40, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Truncated, "its end is at byte")]
    [InlineData(54, new byte[] { 1 }, ImageFault.Truncated, "id table")]
    [InlineData(70, new byte[] { 1 }, ImageFault.Truncated, "inode table")]
    [InlineData(78, new byte[] { 1 }, ImageFault.Truncated, "directory table")]
    [InlineData(86, new byte[] { 1 }, ImageFault.Truncated, "fragment table")]
    [InlineData(64, new byte[] { 8, 0, 0, 0 }, ImageFault.Corrupt, "one behind another")]
    [InlineData(35, new byte[] { 0xFF }, ImageFault.Corrupt, "outside the inode table")]
    [InlineData(32, new byte[] { 0xFF, 0xFF }, ImageFault.Corrupt, "stand at byte 65535")]
    public void A_superblock_that_lies_is_refused(int offset, byte[] bytes, ImageFault fault, string words)
    {
        using SquashFsImage image = new("unpacked");
        image.Source.Patch(offset, bytes);
        Assert.Contains(words, image.Refuses(fault, i => i.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_ends_before_the_filesystem_is_refused()
    {
        using SquashFsImage image = new("unpacked");
        image.Source.ShownLength = image.Field(40) - 1;
        image.Refuses(ImageFault.Truncated, i => i.Open());
        image.Source.ShownLength = 50;
        image.Refuses(ImageFault.NotRecognized, i => i.Open());
    }

    [Fact]
    public void Another_LZ4_format_is_named()
    {
        using SquashFsImage image = new("lz4");
        image.Source.Patch(98, 2);
        Assert.Contains("LZ4 format", image.Refuses(ImageFault.Unsupported, i => i.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x8000)]
    [InlineData(0x8000 + 8193)]
    [InlineData(8193)]
    public void A_metadata_block_of_an_impossible_size_is_refused(int word)
    {
        using SquashFsImage image = new("unpacked");
        image.Source.Patch(image.Field(64), BitConverter.GetBytes((ushort)word));
        image.Refuses(ImageFault.Corrupt, i => Assert.Single(TreeListing.Of(i.Open())));
    }

    [Theory]
    [InlineData(0, 15)] // no such type
    [InlineData(0, 0)]
    [InlineData(5, 0xFF)] // its owner's index
    [InlineData(7, 0xFF)]
    public void An_inode_that_contradicts_itself_is_refused(int offset, byte value)
    {
        using SquashFsImage image = new("unpacked");
        image.Source.Patch(image.Inode("/boot/mixed") + offset, value);
        image.Refuses(ImageFault.Corrupt, i => i.Node("/boot/mixed"));
    }

    [Fact]
    public void A_file_that_claims_to_be_huge_is_refused_or_ends_where_its_list_does()
    {
        using SquashFsImage image = new("unpacked");
        long inode = image.Inode("/boot/mixed");
        Assert.Equal(2, image.Source.ReadExactly(inode, 1)[0]); // LREG would have its size elsewhere
        image.Source.Patch(inode + 28, 0xFF, 0xFF, 0xFF, 0xFF);
        FileNode file = image.Node("/boot/mixed");
        Assert.Equal(uint.MaxValue, file.Size);
        image.Refuses(ImageFault.Corrupt, _ => file.Read(file.Size - 100, new byte[100]));
        image.Source.Patch(inode, 9); // LREG: from its eighth byte on the size has eight of them
        image.Source.Patch(inode + 24, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        Assert.Contains("more than", image.Refuses(ImageFault.OverLimit, i => i.Node("/boot/mixed")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x01020001)] // more than a block, not packed
    [InlineData(0x00020001)]
    [InlineData(0x02000010)] // a bit that there isn't
    [InlineData(0x01000010)] // less than is due
    public void A_block_of_an_impossible_size_is_refused(int word)
    {
        using SquashFsImage image = new("unpacked");
        image.Source.Patch(image.Inode("/boot/mixed") + 32, BitConverter.GetBytes(word));
        image.Refuses(ImageFault.Corrupt, i => i.Node("/boot/mixed").Read(0, new byte[1000]));
    }

    [Fact]
    public void A_block_that_unpacks_to_more_or_less_than_is_due_or_not_at_all_is_refused()
    {
        using SquashFsImage image = new("unpacked-inodes");
        long inode = image.Inode("/boot/text");
        image.Source.Patch(BitConverter.ToUInt32(image.Source.ReadExactly(inode + 16, 4)) + 100, new byte[200]);
        Assert.Contains("zlib", image.Refuses(ImageFault.Corrupt, i => i.Node("/boot/text").Read(0, new byte[10])).Message, StringComparison.Ordinal);
        image.Source.Clear();
        image.Source.Patch(inode + 20, 0xFF, 0xFF, 0xFF, 0xFF); // no fragment
        image.Source.Patch(inode + 28, BitConverter.GetBytes(1000)); // its first block is shorter than what was packed
        Assert.Contains("1000 bytes that it may", image.Refuses(ImageFault.Corrupt, i => i.Node("/boot/text").Read(0, new byte[10])).Message, StringComparison.Ordinal);
        image.Source.Clear();
        byte[] other = image.Source.ReadExactly(image.Inode("/boot/mixed") + 16, 4);
        long last = inode + 32 + (image.Node("/boot/text").Size / 131072 * 4) - 4;
        int size = BitConverter.ToInt32(image.Source.ReadExactly(last, 4));
        image.Source.Patch(inode + 16, BitConverter.GetBytes(BitConverter.ToUInt32(other) - size)); // all its blocks are others' now
        Assert.Contains("zlib", image.Refuses(ImageFault.Corrupt, i => TreeListing.Hash(i.Node("/boot/text"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fragment_that_is_not_there_or_ends_before_is_refused()
    {
        using SquashFsImage image = new("unpacked");
        long inode = image.Inode("/sizes/513");
        image.Source.Patch(inode + 20, 0xFF, 0xFF, 0xFF, 0);
        Assert.Contains("fragment table", image.Refuses(ImageFault.Corrupt, i => i.Node("/sizes/513").Read(0, new byte[10])).Message, StringComparison.Ordinal);
        image.Source.Clear();
        image.Source.Patch(inode + 26, 0xFF, 0xFF);
        Assert.Contains("last 513 bytes", image.Refuses(ImageFault.Corrupt, i => i.Node("/sizes/513").Read(0, new byte[10])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fragment_that_lies_on_its_own_table_is_no_more_than_those_bytes()
    {
        using SquashFsImage image = new("unpacked");
        long table = image.Field(80);
        long block = image.Source.ReadExactly(table, 8) is var pointer ? BitConverter.ToInt64(pointer) : 0;
        image.Source.Patch(block + 2, BitConverter.GetBytes(block)); // the first entry's start
        image.Source.Patch(block + 2 + 8, 16, 0, 0, 1);
        FileNode file = image.Node("/sizes/1");
        Survival.Check(image.Open, "a fragment on its own table");
        Assert.InRange(file.Size, 1, 1);
        image.Source.Patch(table, BitConverter.GetBytes(long.MaxValue)); // the table's block nowhere
        image.Refuses(ImageFault.Corrupt, i => Assert.NotEmpty(TreeListing.Of(i.Open())));
    }

    [Fact]
    public void A_directory_in_itself_is_walked_as_far_as_a_path_goes()
    {
        using SquashFsImage image = new("unpacked");
        ulong root = image.Open().Root.Number;
        long listing = image.Listing("/");
        image.Source.Patch(listing + 4, BitConverter.GetBytes((uint)(root >> 16))); // the header's metadata block
        image.Source.Patch(listing + 12, BitConverter.GetBytes((ushort)(root & 0xFFFF))); // the first entry's offset
        string first = Encoding.Latin1.GetString(image.Open().Root.List().First().Name.Span);
        Assert.Equal(root, image.Node(string.Concat(Enumerable.Repeat($"/{first}", 1000))).Number);
        string path = string.Concat(Enumerable.Repeat($"/{first}", 5000));
        Assert.Equal(PathFault.TooManySymlinks, Assert.Throws<GuestPathException>(() => image.Node(path)).Fault);
    }

    [Theory]
    [InlineData(0, 0xFF, "a header of 256 entries", false)]
    [InlineData(1, 1, "a header of", true)]
    [InlineData(18, 0xFF, "a name of", true)] // its second byte: more than 256
    public void A_listing_that_contradicts_itself_is_refused(int offset, byte value, string words, bool isNamed)
    {
        using SquashFsImage image = new("unpacked");
        image.Source.Patch(image.Listing("/") + offset + (offset == 18 ? 1 : 0), value);
        ImageFormatException e = image.Refuses(ImageFault.Corrupt, i => _ = i.Open().Root.List().Count());
        Assert.True(!isNamed || e.Message.Contains(words, StringComparison.Ordinal), e.Message);
    }

    [Theory]
    [InlineData(0, "leads to byte")] // behind the end
    [InlineData(4, "")] // its metadata block nowhere
    [InlineData(8, "a name of")]
    public void An_index_that_contradicts_itself_is_refused(int offset, string words)
    {
        using SquashFsImage image = new("names-unpacked");
        long index = image.Inode("/many") + 40;
        byte[] first = image.Source.ReadExactly(index + 12, image.Source.ReadExactly(index + 8, 1)[0] + 1);
        image.Source.Patch(index + offset, 0xFE, 0xFF, 0xFF, 0x7F);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Node("/many").Find(first));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.NotEqual(ImageFault.Unsupported, e.Fault);
    }

    [Fact]
    public void An_index_that_leads_back_is_refused()
    {
        using SquashFsImage image = new("names-unpacked");
        long second = image.Inode("/many") + 40;
        second += 12 + BitConverter.ToInt32(image.Source.ReadExactly(second + 8, 4)) + 1;
        image.Source.Patch(second, 0, 0, 0, 0);
        Assert.Contains("leads to byte 0", image.Refuses(ImageFault.Corrupt, i => i.Node("/many").Find("99-name"u8)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unpacked")]
    [InlineData("unpacked-inodes")]
    [InlineData("gzip")]
    [InlineData("xz")]
    [InlineData("lzo")]
    [InlineData("lz4")]
    [InlineData("lzma")]
    [InlineData("zstd")]
    [InlineData("names-unpacked")]
    public void Random_damage_never_ends_in_another_exception(string name)
    {
        using SquashFsImage image = new(name);
        List<(long, int)> places = Survival.MetadataOf(image.Source, image.Open);
        for (int seed = 0; seed < Variants; seed++)
        {
            Survival.Damage(image.Source, places, seed, name.StartsWith("unpacked", StringComparison.Ordinal) ? 30 : 3);
            Survival.Check(image.Open, $"{name}, seed {seed}", mostAllocated: 1L << 30);
        }
    }
}
