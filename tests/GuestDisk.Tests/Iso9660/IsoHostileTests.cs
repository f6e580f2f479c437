using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Iso9660;

/// <summary>Descriptors, records and packed files that lie; what no tool here writes, patched into what they wrote.</summary>
public sealed class IsoHostileTests
{
    private const int Descriptor = 16 * 2048;
    private const int Variants = 300;

    [Theory]
    [InlineData(1, (byte)'X', ImageFault.NotRecognized)] // Standard Identifier
    [InlineData(0, 3, ImageFault.Corrupt)] // no primary descriptor
    [InlineData(129, 0, ImageFault.Corrupt)] // Logical Block Size: 0
    [InlineData(129, 3, ImageFault.Corrupt)] // no power of two
    [InlineData(129, 16, ImageFault.Corrupt)] // larger than a sector
    [InlineData(156, 33, ImageFault.Corrupt)] // the root's record is too short
    [InlineData(161, 0xFF, ImageFault.Truncated)] // the root lies behind the end
    public void A_descriptor_that_contradicts_itself_is_refused(int offset, byte value, ImageFault fault)
    {
        using IsoImage image = new("plain1");
        image.Source.Patch(Descriptor + offset, value);
        Assert.Equal(fault, Assert.Throws<ImageFormatException>(() => image.Open().Root.List().Count()).Fault);
    }

    [Fact]
    public void Descriptors_without_an_end_are_read_and_warned_of()
    {
        using IsoImage image = new("plain1");
        image.Source.Patch(Descriptor + 2048, 3); // the terminator is one of another type
        Assert.Contains("no end", Assert.Single(image.Open().Warnings), StringComparison.Ordinal);
        Assert.NotEmpty(image.Open().Root.List());
    }

    [Fact]
    public void A_disc_that_is_cut_off_is_warned_of_and_read_as_far_as_it_goes()
    {
        using IsoImage image = new("plain1");
        image.Source.ShownLength = 600_000;
        Assert.Contains("ends at byte 600000", Assert.Single(image.Open().Warnings), StringComparison.Ordinal);
        FileNode kernel = image.Node("/boot/vmlinuz");
        Assert.Equal(ImageFault.Truncated, Assert.Throws<ImageFormatException>(() => kernel.Read(kernel.Size - 10, new byte[10])).Fault);
    }

    [Fact]
    public void Sections_of_a_file_are_read_one_behind_another()
    {
        using IsoImage image = new("plain2");
        Join(image, out byte[] expected);
        FileNode file = image.Node("/boot/initrd.img");
        byte[] whole = new byte[expected.Length + 10];
        Assert.Equal(expected.Length, file.Size);
        Assert.Equal(expected.Length, file.Read(0, whole));
        Assert.True(expected.AsSpan().SequenceEqual(whole.AsSpan(0, expected.Length)));
        FileReads.AnyPieceIsThatOfTheWhole(file, longest: 900_000, rounds: 50);
        Assert.Equal(["grub", "initrd.img"], image.Node("/boot").List().Select(entry => Encoding.ASCII.GetString(entry.Name.Span)).Order());
        using ScratchFolder scratch = new();
        string copy = scratch["sections.img"];
        File.WriteAllBytes(copy, image.Source.ReadExactly(0, (int)image.Source.Length));
        Assert.Equal(expected.Length, Tool.Check(Tool.Path("grub-fstest"), copy, "cat", "(loop0)/boot/initrd.img").Output.Length);
    }

    [Fact]
    public void A_file_whose_last_section_is_missing_is_refused()
    {
        using IsoImage image = new("plain2");
        image.Source.Patch(image.Record("/boot/initrd.img") + 25, 0x80);
        Assert.Contains("another file", image.Refuses(ImageFault.Corrupt, "/boot").Message, StringComparison.Ordinal);
        image.Source.Clear();
        image.Source.Patch(image.Record("/boot/vmlinuz") + 25, 0x80);
        Assert.Contains("ends before", image.Refuses(ImageFault.Corrupt, "/boot").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extended_attribute_record_stands_in_front_of_the_file()
    {
        using IsoImage image = new("plain1");
        byte[] expected = new byte[1000];
        image.Node("/boot/vmlinuz").Read(2 * 2048, expected);
        image.Source.Patch(image.Record("/boot/vmlinuz") + 1, 2);
        byte[] read = new byte[1000];
        image.Node("/boot/vmlinuz").Read(0, read);
        Assert.Equal(expected, read);
    }

    [Fact]
    public void An_associated_file_is_not_the_file_of_its_name()
    {
        using IsoImage image = new("plain1");
        image.Source.Patch(image.Record("/boot/vmlinuz") + 25, 4);
        Assert.Null(image.Node("/boot").Find("vmlinuz"u8));
    }

    [Fact]
    public void An_interleaved_file_is_refused_by_name()
    {
        using IsoImage image = new("plain1");
        image.Source.Patch(image.Record("/boot/vmlinuz") + 26, 1, 1);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Node("/boot/vmlinuz").Read(0, new byte[1]));
        Assert.Equal((ImageFault.Unsupported, true), (e.Fault, e.Message.Contains("vmlinuz", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_sparse_file_is_refused_by_name()
    {
        using IsoImage image = new("rock");
        image.Source.Patch(image.Entry("/boot/vmlinuz", "TF"), (byte)'S', (byte)'F');
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Node("/boot/vmlinuz").Read(0, new byte[1]));
        Assert.Equal((ImageFault.Unsupported, true), (e.Fault, e.Message.Contains("vmlinuz", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_relocated_directory_that_is_none_is_refused()
    {
        using IsoImage image = new("rock-deep");
        const string Path = "/deep/level1/level2/level3/level4/level5/level6";
        image.Source.Patch(image.Entry(Path + "/level7", "CL") + 4, 16, 0, 0, 0); // a descriptor's block
        image.Refuses(ImageFault.Corrupt, Path + "/level7");
    }

    [Theory]
    [InlineData(0, 0)] // its magic
    [InlineData(8, 1)] // its size
    [InlineData(12, 1)] // its header's length
    [InlineData(13, 20)] // its block's
    [InlineData(16, 0xFF)] // the first pointer
    [InlineData(18, 0xFF)] // the same, far out
    [InlineData(40, 0)]
    public void A_packed_file_that_contradicts_itself_is_refused(int offset, byte value)
    {
        using IsoImage image = new("zisofs");
        long start = 2048L * BitConverter.ToUInt32(image.Source.ReadExactly(image.Record("/sizes/hole-middle") + 2, 4));
        image.Source.Patch(start + offset, value);
        Assert.Equal(ImageFault.Corrupt, Assert.Throws<ImageFormatException>(() => TreeListing.Hash(image.Node("/sizes/hole-middle"))).Fault);
    }

    [Fact]
    public void A_file_packed_by_another_algorithm_is_named()
    {
        using IsoImage image = new("zisofs2");
        long start = 2048L * BitConverter.ToUInt32(image.Source.ReadExactly(image.Record("/sizes/hole-middle") + 2, 4));
        image.Source.Patch(start + 10, 4);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => image.Node("/sizes/hole-middle").Read(0, new byte[1]));
        Assert.Equal((ImageFault.Unsupported, true), (e.Fault, e.Message.Contains("algorithm 4", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    public void Logical_blocks_may_be_smaller_than_sectors(int blockBytes)
    {
        using IsoImage image = new("plain1");
        byte[] expected = new byte[1000];
        string[] names = [.. image.Node("/boot").List().Select(entry => Encoding.ASCII.GetString(entry.Name.Span))];
        image.Node("/boot/vmlinuz").Read(5000, expected);
        uint factor = 2048u / (uint)blockBytes;
        long[] records = [image.Record("/boot"), image.Record("/boot/vmlinuz"), Descriptor + 156];
        foreach (long record in records)
        {
            image.Source.Patch(record + 2, BitConverter.GetBytes(BitConverter.ToUInt32(image.Source.ReadExactly(record + 2, 4)) * factor));
        }

        image.Source.Patch(Descriptor + 128, BitConverter.GetBytes((ushort)blockBytes));
        byte[] read = new byte[1000];
        image.Node("/boot/vmlinuz").Read(5000, read);
        Assert.Equal(expected, read);
        Assert.Equal(names, image.Node("/boot").List().Select(entry => Encoding.ASCII.GetString(entry.Name.Span)));
    }

    [Theory]
    [InlineData("rock")]
    [InlineData("rock-deep")]
    [InlineData("zisofs")]
    [InlineData("zisofs2")]
    [InlineData("joliet")]
    [InlineData("plain4-genisoimage")]
    public void Random_damage_never_ends_in_another_exception(string name)
    {
        using IsoImage image = new(name);
        List<(long, int)> places = Survival.MetadataOf(image.Source, image.Open);
        for (int seed = 0; seed < Variants; seed++)
        {
            Survival.Damage(image.Source, places, seed, 60);
            Survival.Check(image.Open, $"{name}, seed {seed}", mostAllocated: 400L << 20);
        }
    }

    /// <summary>Makes the kernel's record the second section of the ramdisk's, which stands in front of it.</summary>
    private static void Join(IsoImage image, out byte[] expected)
    {
        FileNode first = image.Node("/boot/initrd.img");
        FileNode second = image.Node("/boot/vmlinuz");
        expected = new byte[(341 * 2048) + second.Size]; // all sections but the last are whole blocks
        first.Read(0, expected);
        second.Read(0, expected.AsSpan(341 * 2048));
        byte[] record = image.Source.ReadExactly((long)first.Number, 34 + 12);
        image.Source.Patch((long)first.Number + 25, 0x80);
        image.Source.Patch((long)first.Number + 10, BitConverter.GetBytes(341 * 2048));
        byte[] last = image.Source.ReadExactly((long)second.Number, record.Length);
        record.AsSpan(32).CopyTo(last.AsSpan(32)); // the same name
        last[0] = record[0];
        image.Source.Patch((long)second.Number, last);
    }
}
