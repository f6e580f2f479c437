using System.Buffers.Binary;
using System.Text;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.FileSystems.ExFat;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.GuestDisk.Tests.Damage;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.ExFat;

/// <summary>Boot regions, tables and entry sets that lie.</summary>
public sealed class ExFatHostileTests
{
    private const int Variants = 400;
    private const int Entry = 32;
    private static readonly byte[] Kernel = Encoding.Unicode.GetBytes("vmlinuz-6.1.0-3"); // as much of the name as its first entry has

    // Fields by their offset in exFAT 3.1; the region's checksum is put right.
    [Theory]
    [InlineData(3, 1, 'X', ImageFault.NotRecognized, "EXFAT")] // FileSystemName
    [InlineData(11, 1, 1, ImageFault.Corrupt, "parameter block")] // MustBeZero
    [InlineData(510, 2, 0, ImageFault.Corrupt, "aa55")] // BootSignature
    [InlineData(104, 2, 0x200, ImageFault.Unsupported, "revision 2.00")] // FileSystemRevision
    [InlineData(108, 1, 8, ImageFault.Corrupt, "sectors of 2^8")] // BytesPerSectorShift
    [InlineData(108, 1, 13, ImageFault.Corrupt, "sectors of 2^13")]
    [InlineData(109, 1, 17, ImageFault.Corrupt, "clusters of 2^26")] // SectorsPerClusterShift
    [InlineData(110, 1, 0, ImageFault.Corrupt, "of 0")] // NumberOfFats
    [InlineData(110, 1, 3, ImageFault.Corrupt, "of 3")]
    [InlineData(106, 1, 1, ImageFault.Corrupt, "table 1 is in use")] // VolumeFlags
    [InlineData(72, 4, 100, ImageFault.Corrupt, "don't fit")] // VolumeLength
    [InlineData(80, 4, 1, ImageFault.Corrupt, "don't fit")] // FatOffset
    [InlineData(84, 4, 1, ImageFault.Corrupt, "with a table of 1 sectors")] // FatLength
    [InlineData(88, 4, uint.MaxValue, ImageFault.Corrupt, "don't fit")] // ClusterHeapOffset
    [InlineData(92, 4, uint.MaxValue, ImageFault.Corrupt, "4294967295 clusters")] // ClusterCount
    [InlineData(96, 4, 0, ImageFault.Corrupt, "begins with cluster 0")] // FirstClusterOfRootDirectory
    public void A_boot_sector_that_contradicts_itself_is_refused(int offset, int length, uint value, ImageFault fault, string says)
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        source.Patch(offset, bytes.AsSpan(0, length));
        SealBoot(source);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ExFatFileSystem.Open(source));
        Assert.Equal(fault, e.Fault);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)] // boot code
    [InlineData(100)] // VolumeSerialNumber
    [InlineData(512 * 3)] // an extended boot sector
    [InlineData((512 * 11) + 508)] // the last copy of the sum itself
    public void A_boot_region_with_another_checksum_is_refused(int offset)
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        source.Flip(offset, 1);
        Assert.Contains("boot region's checksum", Assert.Throws<ImageFormatException>(() => ExFatFileSystem.Open(source)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void VolumeFlags_and_PercentInUse_are_not_in_the_boot_region_s_checksum()
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        source.Flip(106, 4); // MediaFailure
        source.Flip(112, 0xFF);
        Assert.NotEmpty(ExFatFileSystem.Open(source).Root.List());
    }

    [Fact]
    public void An_up_case_table_with_another_checksum_is_refused()
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        long entry = Find(source, [0x82, 0, 0, 0], Entry);
        source.Flip(entry + 4, 1); // TableChecksum
        Assert.Contains("up-case table on patched: its checksum", Assert.Throws<ImageFormatException>(() => ExFatFileSystem.Open(source)).Message, StringComparison.Ordinal);
        source.Clear();
        source.Patch(entry + 24, 2, 0, 2); // DataLength: 131074
        Assert.Contains("131074 bytes", Assert.Throws<ImageFormatException>(() => ExFatFileSystem.Open(source)).Message, StringComparison.Ordinal);
        source.Clear();
        source.Patch(entry, 0x02); // not in use
        Assert.Contains("has no up-case table", Assert.Throws<ImageFormatException>(() => ExFatFileSystem.Open(source)).Message, StringComparison.Ordinal);
    }

    // Places in the entry set of the kernel; "sealed" puts its checksum right.
    [Theory]
    [InlineData(4, 1, false, "checksum is")]
    [InlineData(1, 200, false, "with 200 entries")] // SecondaryCount
    [InlineData(1, 1, false, "with 1 entries")]
    [InlineData(Entry, 0xC1, true, "file's stream")] // the stream's type
    [InlineData(Entry + 3, 0, true, "name of 0 characters")] // NameLength
    [InlineData(Entry + 3, 200, true, "name of 200 characters")]
    [InlineData(2 * Entry, 0xC2, true, "entry 2 of a file is of type c2")]
    [InlineData(Entry + 28, 0xFF, true, "bytes are valid of")] // DataLength
    [InlineData(Entry + 15, 0x7F, true, "bytes are valid of")] // ValidDataLength
    [InlineData(Entry + 23, 0x7F, true, "the volume has")] // FirstCluster
    public void An_entry_set_that_contradicts_itself_is_refused(int offset, byte value, bool isSealed, string says)
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        long set = Find(source, Kernel, 2) - 2 - (2 * Entry);
        source.Patch(set + offset, value);
        if (isSealed)
        {
            SealSet(source, set);
        }

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ReadKernel(source, 10));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_the_valid_data_are_zeros_whatever_the_clusters_hold()
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        byte[] good = ReadKernel(source, 3000000);
        long set = Find(source, Kernel, 2) - 2 - (2 * Entry);
        source.Patch(set + Entry + 8, BitConverter.GetBytes(1234567L)); // ValidDataLength
        SealSet(source, set);
        byte[] read = ReadKernel(source, 3000000);
        Assert.Equal(good[..1234567], read[..1234567]);
        Assert.True(good.AsSpan(1234567).ContainsAnyExcept((byte)0));
        Assert.False(read.AsSpan(1234567).ContainsAnyExcept((byte)0));
        Assert.Equal(3000000, read.Length);
    }

    [Fact]
    public void An_entry_that_a_later_version_adds_to_a_set_is_passed_over()
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "cluster-4k"));
        PatchedSource source = new(file);
        byte[] good = ReadKernel(source, 1000);
        long set = Find(source, Kernel, 2) - 2 - (2 * Entry);
        source.Patch(set + Entry + 3, 15); // NameLength: the second name entry is one too many
        source.Patch(set + (3 * Entry), 0xE0); // a vendor's extension (exFAT 7.8)
        SealSet(source, set);
        byte[] read = new byte[1000];
        Assert.Equal(1000, GuestPath.ResolveFile(ExFatFileSystem.Open(source), "/boot/vmlinuz-6.1.0-3"u8).Read(0, read));
        Assert.Equal(good, read);
    }

    [Theory]
    [InlineData(0u, "is free")]
    [InlineData(0xFFFFFFF7u, "is bad")]
    [InlineData(0x00FFFFFFu, "leads to cluster")]
    [InlineData(uint.MaxValue, "1900001 bytes in 6 clusters")]
    [InlineData(2u, null)] // into another's
    public void A_chain_that_leads_elsewhere_is_refused(uint value, string? says)
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", "pieces"));
        PatchedSource source = new(file);
        long set = Find(source, Encoding.Unicode.GetBytes("large"), 2) - 2 - (2 * Entry);
        uint cluster = BitConverter.ToUInt32(source.ReadExactly(set + Entry + 20, 4)); // FirstCluster
        long table = BitConverter.ToUInt32(source.ReadExactly(80, 4)) * 512L; // FatOffset
        uint[] chain = new uint[6];
        for (int i = 0; i < chain.Length; i++)
        {
            chain[i] = cluster;
            cluster = BitConverter.ToUInt32(source.ReadExactly(table + (4 * cluster), 4));
        }

        source.Patch(table + (4 * chain[5]), BitConverter.GetBytes(value == 2 ? chain[2] : value));
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => GuestPath.ResolveFile(ExFatFileSystem.Open(source), "/large"u8).Read(0, new byte[10]));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Contains(says ?? "circle", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster-512")]
    [InlineData("pieces")]
    public void Random_damage_never_ends_in_another_exception(string image)
    {
        using FileSource file = FileSource.Open(TestImages.Image("exfat", image));
        PatchedSource source = new(file);
        GuestFileSystem open() => ExFatFileSystem.Open(source);
        List<(long, int)> metadata = Survival.MetadataOf(source, open, 4096);
        for (int seed = 0; seed < Variants; seed++)
        {
            Survival.Damage(source, metadata, seed, 40);
            SealBoot(source);
            Survival.Check(open, $"{image}, seed {seed}");
        }
    }

    private static byte[] ReadKernel(BlockSource source, int length)
    {
        byte[] read = new byte[length];
        Assert.Equal(length, GuestPath.ResolveFile(ExFatFileSystem.Open(source), "/boot/vmlinuz-6.1.0-31-amd64"u8).Read(0, read));
        return read;
    }

    /// <summary>Where in the clusters bytes stand, whose distance from an entry's begin is given.</summary>
    private static long Find(PatchedSource source, ReadOnlySpan<byte> bytes, int inEntry)
    {
        byte[] all = source.ReadExactly(0, (int)source.Length);
        int at = (int)BitConverter.ToUInt32(all, 88) * 512; // ClusterHeapOffset
        while (true)
        {
            int found = all.AsSpan(at).IndexOf(bytes);
            Assert.True(found >= 0);
            if ((at + found - inEntry) % Entry == 0)
            {
                return at + found;
            }

            at += found + 1;
        }
    }

    /// <summary>The sum of exFAT 6.3.3, figure 2 of the specification.</summary>
    private static void SealSet(PatchedSource source, long set)
    {
        int count = source.ReadExactly(set + 1, 1)[0];
        byte[] bytes = source.ReadExactly(set, (count + 1) * Entry);
        int sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i is not (2 or 3))
            {
                sum = ((((sum & 1) != 0 ? 0x8000 : 0) + (sum >> 1)) + bytes[i]) & 0xFFFF;
            }
        }

        source.Patch(set + 2, BitConverter.GetBytes((ushort)sum));
    }

    /// <summary>The sum of exFAT 3.4, figure 1 of the specification; sectors of 512 bytes.</summary>
    private static void SealBoot(PatchedSource source)
    {
        byte[] region = source.ReadExactly(0, 11 * 512);
        uint sum = 0;
        for (int i = 0; i < region.Length; i++)
        {
            if (i is not (106 or 107 or 112))
            {
                sum = unchecked(((sum & 1) != 0 ? 0x80000000 : 0) + (sum >> 1) + region[i]);
            }
        }

        for (int i = 0; i < 512; i += 4)
        {
            source.Patch((11 * 512) + i, BitConverter.GetBytes(sum));
        }
    }
}
