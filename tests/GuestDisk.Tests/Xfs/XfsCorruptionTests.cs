using System.Buffers.Binary;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.Xfs;
using BlockRbd.GuestDisk.Tests.Damage;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Xfs;

/// <summary>One thing wrong in each kind of metadata, and the complaint that names it.</summary>
public sealed class XfsCorruptionTests
{
    private const int ForkV5 = 176;

    /// <summary>A kind of block, where one is used, and how it describes itself.</summary>
    public sealed record BlockKind(
        string Image, string Path, string Magic, int MagicOffset, int Length, string Structure, int Crc, int Number, int Uuid, int Owner);

    private static readonly Dictionary<string, BlockKind> Kinds = new()
    {
        ["data"] = new("v5", "/many", "58444433", 0, 4096, "XFS directory block", 4, 8, 24, 40),
        ["block form"] = new("v5", "/sizes", "58444233", 0, 4096, "XFS directory block", 4, 8, 24, 40),
        ["leaf"] = new("directories", "/names-200", "3DF1", 8, 4096, "XFS directory index block", 12, 16, 32, 48),
        ["node"] = new("directories", "/many", "3EBE", 8, 4096, "XFS directory index block", 12, 16, 32, 48),
        ["leaf below a node"] = new("directories", "/many", "3DFF", 8, 4096, "XFS directory index block", 12, 16, 32, 48),
        ["extent tree"] = new("fragments-1k", "/fragments", "424D4133", 0, 1024, "XFS extent tree block", 64, 24, 40, 56),
        ["symbolic link"] = new("fragments-1k", "/links/1023", "58534C4D", 0, 1024, "XFS symbolic link block", 12, 40, 16, 32),
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory, MemberData(nameof(KindNames))]
    public void A_changed_byte_does_not_match_the_checksum(string kind)
    {
        BlockKind block = Kinds[kind];
        foreach (int offset in new[] { block.Length / 2, block.Length - 1, block.Uuid + 17 })
        {
            Expect(block, (source, at) => source.Flip(at + offset, 0x04), "checksum");
        }
    }

    [Theory, MemberData(nameof(KindNames))]
    public void A_block_that_was_written_to_the_wrong_place_is_refused(string kind) =>
        Expect(Kinds[kind], (source, at) => Reseal(source, at, Kinds[kind], Kinds[kind].Number + 6), "says that it stands at sector");

    [Theory, MemberData(nameof(KindNames))]
    public void A_block_of_another_filesystem_is_refused(string kind) =>
        Expect(Kinds[kind], (source, at) => Reseal(source, at, Kinds[kind], Kinds[kind].Uuid + 3), "another filesystem's UUID");

    [Theory, MemberData(nameof(KindNames))]
    public void A_block_of_another_inode_is_refused(string kind) =>
        Expect(Kinds[kind], (source, at) => Reseal(source, at, Kinds[kind], Kinds[kind].Owner + 6), "belongs to inode");

    [Theory, MemberData(nameof(KindNames))]
    public void A_block_without_its_magic_number_is_refused(string kind) =>
        Expect(Kinds[kind], (source, at) => Reseal(source, at, Kinds[kind], Kinds[kind].MagicOffset), "magic");

    [Theory]
    [InlineData("extent tree", 4, "level")]
    [InlineData("extent tree", 6, "entries where")]
    [InlineData("node", 58, "level")]
    [InlineData("node", 56, "entries where")]
    [InlineData("leaf", 56, "entries where")]
    [InlineData("symbolic link", 6, "are due")]
    [InlineData("symbolic link", 10, "are due")]
    [InlineData("block form", 4088, "index of")]
    [InlineData("data", 72, "entry")] // namelen of "."
    public void A_count_that_can_not_be_is_refused(string kind, int offset, string problem) =>
        Expect(Kinds[kind], (source, at) => Reseal(source, at, Kinds[kind], offset), problem);

    [Theory]
    [InlineData(0, new byte[] { 0 }, ImageFault.Corrupt, "magic")]
    [InlineData(2, new byte[] { 0, 0 }, ImageFault.Corrupt, "is free")]
    [InlineData(2, new byte[] { 0x30, 0 }, ImageFault.Corrupt, "mode")]
    [InlineData(4, new byte[] { 2 }, ImageFault.Corrupt, "version 2")]
    [InlineData(5, new byte[] { 1 }, ImageFault.Corrupt, "format 1 in a file")]
    [InlineData(5, new byte[] { 200 }, ImageFault.Corrupt, "format 200")]
    [InlineData(5, new byte[] { 3 }, ImageFault.Corrupt, "levels")] // a list of extents taken for a tree
    [InlineData(56, new byte[] { 0x80 }, ImageFault.Corrupt, "negative size")]
    [InlineData(76, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "4294967295 extents")]
    [InlineData(82, new byte[] { 255 }, ImageFault.Corrupt, "attributes begin")]
    [InlineData(91, new byte[] { 1 }, ImageFault.Unsupported, "realtime")]
    [InlineData(127, new byte[] { 0x10 }, ImageFault.Corrupt, "large extent counts")]
    [InlineData(152, new byte[] { 1 }, ImageFault.Corrupt, "says that it is inode")]
    [InlineData(160, new byte[] { 1 }, ImageFault.Corrupt, "UUID")]
    [InlineData(ForkV5, new byte[] { 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, ImageFault.Corrupt, "is not inside an allocation group")]
    [InlineData(ForkV5 + 13, new byte[] { 0, 0, 0 }, ImageFault.Corrupt, "is not inside an allocation group")] // no blocks
    public void An_inode_that_makes_no_sense_is_refused(int offset, byte[] bytes, ImageFault fault, string problem)
    {
        using XfsImage image = new("v5");
        image.PatchInode(image.InodeOffset("/boot/vmlinuz"), offset, bytes);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Resolve("/boot/vmlinuz").Read(0, new byte[100]));
        Assert.Equal(fault, e.Fault);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("XFS", e.Structure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_inodes_checksum_covers_all_of_it()
    {
        using XfsImage image = new("v5");
        long inode = image.InodeOffset("/boot/vmlinuz");
        for (int at = 0; at < image.Superblock.InodeSize; at++)
        {
            image.Source.Clear();
            image.Source.Flip(inode + at, 0x40);
            ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Resolve("/boot/vmlinuz"));
            Assert.Equal((ImageFault.Corrupt, "XFS inode"), (e.Fault, e.Structure));
        }
    }

    [Fact]
    public void Overlapping_extents_are_refused()
    {
        using XfsImage image = new("fragments");
        long inode = image.InodeOffset("/punched");
        byte[] first = image.Source.ReadExactly(inode + ForkV5, 16);
        image.PatchInode(inode, ForkV5 + 16, first);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Resolve("/punched").Read(0, new byte[100]));
        Assert.Contains("out of order", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unwritten_extent_reads_as_zeros()
    {
        using XfsImage image = new("v5");
        image.PatchInode(image.InodeOffset("/sizes/4096"), ForkV5, 0x80);
        byte[] bytes = new byte[5000];
        bytes.AsSpan().Fill(1);
        Assert.Equal(4096, image.Resolve("/sizes/4096").Read(0, bytes));
        Assert.All(bytes[..4096], b => Assert.Equal(0, b));
        Assert.All(bytes[4096..], b => Assert.Equal(1, b));
    }

    [Fact]
    public void A_file_of_eight_exabytes_is_zeros_behind_its_blocks()
    {
        using XfsImage image = new("v5");
        image.PatchInode(image.InodeOffset("/sizes/4096"), 56, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        FileNode file = image.Resolve("/sizes/4096");
        Assert.Equal(long.MaxValue, file.Size);
        byte[] bytes = new byte[3_000_000];
        foreach (long offset in new[] { 4096, 1L << 40, (1L << 62) + 123 })
        {
            bytes.AsSpan().Fill(1);
            Assert.Equal(bytes.Length, file.Read(offset, bytes));
            Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)0));
        }

        Assert.Equal(17, file.Read(long.MaxValue - 17, bytes));
        Assert.Equal(0, file.Read(long.MaxValue, bytes));
    }

    [Fact]
    public void A_directory_of_eight_exabytes_ends_where_its_blocks_do()
    {
        using XfsImage image = new("v5");
        int names = image.Resolve("/many").List().Count();
        image.PatchInode(image.InodeOffset("/many"), 56, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        Assert.Equal(names, image.Resolve("/many").List().Count());
    }

    [Fact]
    public void An_extent_tree_that_leads_back_to_itself_is_refused()
    {
        using XfsImage image = new("fragments-1k");
        long inode = image.InodeOffset("/fragments");
        int room = (((image.Source.ReadExactly(inode + 82, 1)[0] * 8) is var attributes and not 0 ? attributes : 512 - ForkV5) - 4) / 16;
        ulong child = BinaryPrimitives.ReadUInt64BigEndian(image.Source.ReadExactly(inode + ForkV5 + 4 + (room * 8), 8));
        Assert.True(image.Superblock.TryBlockOffset(child, 1, out long node));
        const int Header = 72;
        byte[] self = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(self, child);
        image.Source.Patch(node + Header + ((1024 - Header) / 16 * 8), self);
        image.Source.Seal(node, 1024, 64);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Resolve("/fragments").Read(0, new byte[100]));
        Assert.Contains("level 1 where 0 is due", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_leaves_that_leads_back_to_itself_is_cut()
    {
        using XfsImage image = new("directories");
        FileNode many = image.Resolve("/many");
        Dictionary<uint, DirectoryEntry> byHash = [];
        foreach (DirectoryEntry entry in many.List())
        {
            byHash[XfsNames.Hash(image.Superblock, entry.Name.Span)] = entry;
        }

        byte[] anyName = byHash.Values.First().Name.ToArray();
        long leaf = image.BlocksRead([0x3D, 0xFF], 8, 4096, () => image.Resolve("/many").Find(anyName))[0];
        int count = BinaryPrimitives.ReadUInt16BigEndian(image.Source.ReadExactly(leaf + 56, 2));
        byte[] lastHash = image.Source.ReadExactly(leaf + 64 + ((count - 1) * 8), 4);
        for (int i = 0; i < count; i++)
        {
            image.Source.Patch(leaf + 64 + (i * 8), [.. lastHash, 0, 0, 0, 0]); // all of one hash, all stale
        }

        // The leaf's own number is what its neighbour calls it.
        uint back = BinaryPrimitives.ReadUInt32BigEndian(image.Source.ReadExactly(leaf + 4, 4));
        uint forward = BinaryPrimitives.ReadUInt32BigEndian(image.Source.ReadExactly(leaf, 4));
        XfsExtentMap map = new(new XfsVolume(image.Source), XfsInodeCore.Read(new XfsVolume(image.Source), many.Number));
        uint own = Enumerable.Range(1 << 23, 4096).Select(i => (uint)i).First(number => map.Find(number) is { IsHole: false } found && found.Offset == leaf);
        Assert.NotEqual(own, back);
        Assert.NotEqual(own, forward);
        image.Source.Patch(leaf, BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(own)));
        image.Source.Seal(leaf, 4096, 12);
        byte[] name = byHash[BinaryPrimitives.ReadUInt32BigEndian(lastHash)].Name.ToArray();
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Resolve("/many").Find(name));
        Assert.Equal(ImageFault.OverLimit, e.Fault);
    }

    [Fact]
    public void An_inode_of_version_1_is_read()
    {
        using XfsImage image = new("v4");
        byte[] expected = new byte[4097];
        image.Resolve("/sizes/4097").Read(0, expected);
        image.PatchInode(image.InodeOffset("/sizes/4097"), 4, 1); // di_version: only the link count's place differs
        byte[] bytes = new byte[4097];
        Assert.Equal(4097, image.Resolve("/sizes/4097").Read(0, bytes));
        Assert.Equal(expected, bytes);
    }

    /// <summary>Damages every block of the kind that the operation can meet, one at a time; at least one must be used, and complained about.</summary>
    private static void Expect(BlockKind kind, Action<PatchedSource, long> damage, string problem)
    {
        using XfsImage image = new(kind.Image);
        byte[][] names = [.. image.Resolve(kind.Path) is { Kind: FileKind.Directory } d ? d.List().Take(40).Select(e => e.Name.ToArray()) : []];
        void Use() => Exercise(image.Resolve(kind.Path), names);
        int complaints = 0;
        foreach (long at in image.BlocksRead(Convert.FromHexString(kind.Magic), kind.MagicOffset, kind.Length, Use).Take(40))
        {
            image.Source.Clear();
            damage(image.Source, at);
            try
            {
                Use();
            }
            catch (ImageFormatException e)
            {
                complaints++;
                Assert.Equal(ImageFault.Corrupt, e.Fault);
                Assert.Equal(kind.Structure, e.Structure);
                Assert.Equal(at, e.Offset / kind.Length * kind.Length);
                Assert.Contains(problem, e.Message, StringComparison.Ordinal);
            }
        }

        Assert.NotEqual(0, complaints);
    }

    private static void Exercise(FileNode node, byte[][] names)
    {
        switch (node.Kind)
        {
            case FileKind.Directory:
                foreach (byte[] name in names)
                {
                    Assert.NotNull(node.Find(name));
                }

                Assert.NotEmpty(node.List());
                break;
            case FileKind.Symlink:
                Assert.NotEmpty(node.ReadLink());
                break;
            default:
                Assert.Equal(node.Size, node.Read(0, new byte[node.Size]));
                break;
        }
    }

    private static void Reseal(PatchedSource source, long at, BlockKind kind, int offset)
    {
        source.Flip(at + offset, 0x41);
        source.Seal(at, kind.Length, kind.Crc);
    }
}
