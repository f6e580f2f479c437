using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Btrfs;

/// <summary>A copy that is damaged is passed over for another; where none is in order, it is said which block is bad.</summary>
public sealed class BtrfsDamageTests
{
    private const long Mega = 1 << 20;
    private const long FirstSuperblock = 64 << 10;
    private const int NodeBytes = 16384;
    private const long SecondSuperblock = 64 << 20;

    /// <summary>Every profile with a second copy, or with parity: a whole device away.</summary>
    [Theory]
    [InlineData("raid1", 1)]
    [InlineData("raid1c3", 2)]
    [InlineData("raid1c4", 3)]
    [InlineData("raid10", 1)]
    [InlineData("raid5", 1)]
    [InlineData("raid6", 1)]
    public void Any_device_that_is_away_is_made_up_for_by_the_others(string image, int most)
    {
        SortedDictionary<string, TreeEntry> expected = TestImages.Tree("btrfs", image);
        using BtrfsImage disk = new(image);
        for (int away = 0; away < disk.Devices.Count; away++)
        {
            int last = Math.Min(away + most, disk.Devices.Count);
            List<PatchedSource> left = [.. disk.Devices.Where((_, index) => index < away || index >= last)];
            GuestFileSystem fileSystem = BtrfsImage.Open(left);
            Assert.Equal("", TreeListing.Differences(expected, TreeListing.Of(fileSystem)));
            Assert.Contains("devices are missing", Assert.Single(fileSystem.Warnings), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("raid0")]
    [InlineData("several-single")]
    public void A_device_that_nothing_makes_up_for_is_named(string image)
    {
        using BtrfsImage disk = new(image);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => TreeListing.Of(BtrfsImage.Open([disk.First])));
        Assert.Contains("is not among the guest's disks", e.Message, StringComparison.Ordinal);
        Assert.Equal(ImageFault.Truncated, e.Fault);
    }

    /// <summary>All of one device's content, but its superblocks, turned to noise: checksums have to find each block of it.</summary>
    [Theory]
    [InlineData("raid1", 0)]
    [InlineData("raid1", 1)]
    [InlineData("raid1c3", 0)]
    [InlineData("raid10", 2)]
    [InlineData("raid5", 0)]
    [InlineData("raid5", 2)]
    [InlineData("raid6", 1)]
    public void A_device_full_of_noise_is_made_up_for_by_the_others(string image, int bad)
    {
        using BtrfsImage disk = new(image);
        List<BlockSource> devices = [.. disk.Devices];
        devices[bad] = new NoisySource(devices[bad]);
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("btrfs", image), TreeListing.Of(BtrfsImage.Open(devices))));
    }

    [Theory]
    [InlineData("dup")]
    [InlineData("xxhash")]
    [InlineData("sha256")]
    [InlineData("blake2")]
    public void Either_copy_of_every_tree_block_will_do(string image)
    {
        SortedDictionary<string, TreeEntry> expected = TestImages.Tree("btrfs", image);
        using BtrfsImage disk = new(image);
        foreach (long block in disk.Blocks(level: 0, 16384, () => TreeListing.Of(disk.Open())))
        {
            disk.First.Flip(block + 5000, 0x10);
        }

        Assert.Equal("", TreeListing.Differences(expected, TreeListing.Of(disk.Open())));
    }

    [Theory]
    [InlineData("plain", "crc32c")]
    [InlineData("xxhash", "xxhash64")]
    [InlineData("sha256", "sha256")]
    [InlineData("blake2", "blake2b")]
    public void Data_that_does_not_match_its_checksum_is_refused(string image, string checksum)
    {
        using BtrfsImage disk = new(image);
        disk.First.Trace = [];
        FileNode file = disk.Resolve("/boot/vmlinuz");
        byte[] buffer = new byte[1 << 20];
        file.Read(0, buffer);
        long data = disk.First.Trace.MaxBy(read => read.Length).Offset;
        disk.First.Flip(data + 70_000, 1);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => file.Read(0, buffer));
        Assert.Contains($"{checksum} of 4096 bytes does not match in any of 1 copy", e.Message, StringComparison.Ordinal);
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Equal(data + 69_632, e.Offset);
    }

    [Fact]
    public void Both_copies_bad_is_told_with_the_place_of_the_first()
    {
        using BtrfsImage disk = new("dup");
        List<long> leaves = disk.Blocks(level: 0, 16384, () => disk.Resolve("/boot/vmlinuz"));
        foreach (long leaf in leaves)
        {
            disk.First.Flip(leaf + 9000, 1);
        }

        foreach (long leaf in disk.Blocks(level: 0, 16384, () => disk.Resolve("/boot/vmlinuz")).Except(leaves))
        {
            disk.First.Flip(leaf + 9000, 1);
        }

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => disk.Resolve("/boot/vmlinuz"));
        Assert.Contains("its crc32c does not match", e.Message, StringComparison.Ordinal);
        Assert.Contains(e.Offset, leaves);
    }

    [Fact]
    public void A_damaged_superblock_is_made_up_for_by_its_copy()
    {
        using BtrfsImage disk = new("plain");
        disk.First.Flip(FirstSuperblock + 3000, 1);
        GuestFileSystem fileSystem = disk.Open();
        Assert.Equal("", TreeListing.Differences(TestImages.Tree("btrfs", "plain"), TreeListing.Of(fileSystem)));
        Assert.Contains("the superblock is damaged", Assert.Single(fileSystem.Warnings), StringComparison.Ordinal);
        disk.First.Flip(SecondSuperblock + 3000, 1);
        Assert.Contains("its crc32c does not match", Assert.Throws<ImageFormatException>(() => disk.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 1, ImageFault.NotRecognized, "magic")]
    [InlineData(196, 9, ImageFault.Unsupported, "checksum type")]
    [InlineData(48, 1, ImageFault.Corrupt, "says that it stands at")]
    [InlineData(190, 0x80, ImageFault.Unsupported, "feature bit 23")]
    [InlineData(189, 0x20, ImageFault.Unsupported, "feature extent_tree_v2")]
    [InlineData(145, 0xFF, ImageFault.Corrupt, "sectors of")]
    [InlineData(150, 0xFF, ImageFault.Corrupt, "tree blocks of")]
    [InlineData(163, 0xFF, ImageFault.Corrupt, "system chunks of")]
    [InlineData(139, 0xFF, ImageFault.Corrupt, "devices")]
    [InlineData(198, 0xF0, ImageFault.Corrupt, "a tree of level")]
    [InlineData(80, 1, ImageFault.Corrupt, "is not a sector's")]
    [InlineData(87, 0x70, ImageFault.Corrupt, "no chunk has the logical address")]
    [InlineData(72, 1, ImageFault.Corrupt, "is due")]
    [InlineData(811, 0x10, ImageFault.Corrupt, "is no chunk's")]
    [InlineData(828, 1, ImageFault.Corrupt, "bytes at")]          // a chunk's length
    [InlineData(844, 1, ImageFault.Corrupt, "stripes of")]        // stripe_len
    [InlineData(853, 0x80, ImageFault.Corrupt, "type 0x")]        // type
    [InlineData(872, 0xF0, ImageFault.Corrupt, "stripes (sub_stripes")] // num_stripes
    public void A_superblock_that_can_not_be_is_refused(int offset, byte bits, ImageFault fault, string problem)
    {
        using BtrfsImage disk = new("plain");
        foreach (long superblock in (long[])[FirstSuperblock, SecondSuperblock])
        {
            disk.First.Flip(superblock + offset, bits);
            SealSuperblock(disk, superblock);
        }

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => disk.Open());
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Equal(fault, e.Fault);
    }

    /// <summary>Hostile tree blocks, with a right checksum: in the tree of files' root node and leaves.</summary>
    [Theory]
    [InlineData(1, 100, 9, "level 8")]                 // level
    [InlineData(1, 96, 0xF0, "key")]                   // nritems: what follows are no keys
    [InlineData(1, 98, 0xFF, "items in")]
    [InlineData(1, 101 + 33, 0xFF, "key")]             // the second key is another than its child has
    [InlineData(1, 101 + 17 + 1, 0xFF, "address")]     // the first child's address
    [InlineData(1, 101 + 25, 1, "of generation")]      // the first child's generation
    [InlineData(0, 100, 1, "key")]                     // a leaf that says it is a node
    [InlineData(0, 99, 0xFF, "items in")]
    [InlineData(0, 101 + 20, 0xFF, "bytes at")]        // the first item's offset
    [InlineData(0, 101 + 24, 0xFF, "bytes at")]        // the first item's size
    [InlineData(0, 101 + 25 + 7, 0xFF, "key")]         // the second key's object
    [InlineData(0, 48, 0x10, "says that it stands at")]
    [InlineData(0, 32, 0x10, "another filesystem's UUID")]
    [InlineData(0, 80, 0x10, "of generation")]
    public void A_tree_block_that_can_not_be_is_refused(int level, int offset, byte bits, string problem)
    {
        using BtrfsImage disk = new("plain"); // one copy of metadata
        List<long> blocks = disk.Blocks(level, NodeBytes, () => disk.Resolve("/deep/level1/level2/level3"));
        Assert.NotEmpty(blocks);
        string[] messages = [.. blocks.Select(block => Refusal(disk, block, offset, bits))];
        Assert.Contains(messages, message => message.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_tree_that_leads_back_into_itself_ends()
    {
        using BtrfsImage disk = new("plain");
        List<long> nodes = disk.Blocks(level: 1, NodeBytes, () => Assert.NotEmpty(disk.Resolve("/many").List().ToList()));
        foreach (long node in nodes)
        {
            byte[] pointer = disk.First.ReadExactly(node + 101 + 17, 16); // every child is the first one
            int count = BitConverter.ToInt32(disk.First.ReadExactly(node + 96, 4));
            for (int i = 1; i < count; i++)
            {
                disk.First.Patch(node + 101 + (i * 33) + 17, pointer);
            }

            disk.First.Seal(node, NodeBytes, 0, 32);
        }

        string refused = Assert.Throws<ImageFormatException>(() => TreeListing.Of(disk.Open())).Message;
        Assert.Contains("are due", refused, StringComparison.Ordinal);
    }

    private static string Refusal(BtrfsImage disk, long block, int offset, byte bits)
    {
        disk.First.Clear();
        disk.First.Flip(block + offset, bits);
        disk.First.Seal(block, NodeBytes, 0, 32);
        try
        {
            TreeListing.Of(disk.Open());
            return "";
        }
        catch (ImageFormatException e)
        {
            return e.Message;
        }
    }

    private static void SealSuperblock(BtrfsImage disk, long superblock)
    {
        if (superblock + 4096 <= disk.First.Length)
        {
            disk.First.Seal(superblock, 4096, 0, 32);
        }
    }

    /// <summary>A device with its superblocks, and nothing else of what it had.</summary>
    private sealed class NoisySource(BlockSource device) : BlockSource
    {
        public override string Name => "noisy";

        public override long Length => device.Length;

        public override int SectorSize => device.SectorSize;

        protected override void ReadCore(long offset, Span<byte> buffer)
        {
            device.ReadExactly(offset, buffer);
            if (offset >= Mega && offset is not SecondSuperblock)
            {
                for (int i = 0; i < buffer.Length; i += 97)
                {
                    buffer[i] ^= 0x5A;
                }
            }
        }
    }
}
