using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Partitions;

/// <summary>Labels of BSD and Sun, and tables inside partitions, made by the real fdisk and sfdisk, against GRUB 2.14.</summary>
public sealed partial class NestedTableTests : IDisposable
{
    private static string Mbr(string type) => $"label: dos\nlabel-id: 0x12345678\nstart=2048, size=40960, type={type}\nstart=43008, size=40960, type=83\n";

    private const string InBsd = "b\ny\nn\na\n4096\n+5M\nn\nd\n20480\n+4M\nn\nh\n32768\n+1M\nw\nw\n";
    private const int SectorBytes = 512;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("a5", "msdos1,bsd1 msdos1,bsd4 msdos1,bsd8")]
    [InlineData("a6", "openbsd1 openbsd4 openbsd8")]
    [InlineData("a9", "netbsd1 netbsd4 netbsd8")]
    public void A_BSD_label_in_a_partition_is_read_as_GRUB_reads_it(string type, string expected)
    {
        string path = TableFixture.Sfdisk(_scratch, Mbr(type));
        Fdisk(path, InBsd);
        string[] names = CompareWithGrub(path);
        Assert.All(expected.Split(' '), name => Assert.Contains(name, names));
    }

    [Fact]
    public void A_filesystem_in_a_BSD_partition_is_found_and_read()
    {
        string path = TableFixture.Sfdisk(_scratch, Mbr("a5"));
        Fdisk(path, InBsd);
        Directory.CreateDirectory(_scratch["root"]);
        File.WriteAllText(_scratch["root/file"], "inside\n");
        Tool.Check(Tool.Path("sid-mke2fs"), "-q", "-F", "-t", "ext2", "-d", _scratch["root"], "-E", $"offset={20480 * SectorBytes}", path, "4M");
        Assert.Equal("inside\n", Tool.Check(Tool.Path("sid-grub-fstest"), path, "cat", "(loop0,msdos1,bsd4)/file").Text);
        using FileSource disk = FileSource.Open(path);
        GuestVolume volume = GuestDiskSet.Open([disk]).Volumes.Single(volume => volume.FileSystem is not null);
        Assert.Equal("msdos1,bsd4", volume.Partition!.GrubName);
        Assert.Equal(7, GuestPath.ResolveFile(volume.FileSystem!, "/file"u8).Size);
    }

    [Fact]
    public void A_BSD_label_on_the_whole_disk_is_read_as_GRUB_reads_it()
    {
        // What fdisk makes in a partition, moved to the disk's second sector.
        string path = TableFixture.Sfdisk(_scratch, Mbr("a9"));
        Fdisk(path, InBsd);
        byte[] label = Read(path, 2049);
        TableFixture.Poke(path, 0, new byte[SectorBytes]);
        TableFixture.Poke(path, SectorBytes, label);
        Assert.Equal(["bsd1", "bsd4", "bsd8"], CompareWithGrub(path));
    }

    [Fact]
    public void Suns_label_is_read_as_GRUB_and_util_linux_read_it()
    {
        string path = TableFixture.Sfdisk(_scratch, "label: sun\n1: start=0,size=16M\n2: size=16M\n7: size=4M,type=82\n");
        Assert.Equal(["sun1", "sun2", "sun7"], CompareWithGrub(path));
        using LoopDevice loop = new(path);
        using FileSource disk = FileSource.Open(path);
        Assert.Equal(
            TableFixture.UtilLinux(loop).Select(line => string.Join(' ', line.Split(' ')[..4])),
            TableFixture.Ours(disk).Select(line => string.Join(' ', line.Split(' ')[..4])));
        Assert.Equal("sun", PartitionTable.Read(disk)!.Scheme);
    }

    [Theory]
    [InlineData("bf")]
    [InlineData("82")] // Solaris' own once: Linux' swap has the same
    public void Solaris_VTOC_in_a_partition_is_read_as_GRUB_reads_it(string type)
    {
        string path = TableFixture.Sfdisk(_scratch, Mbr(type));
        TableFixture.Poke(path, (2048 + 1) * SectorBytes, Vtoc((0, 2, 64, 4096), (1, 3, 8192, 4096), (2, 5, 0, 40960), (7, 8, 16384, 0), (15, 8, 20480, 100)));
        Assert.Equal(["msdos1", "msdos1,sunpc1", "msdos1,sunpc2", "msdos1,sunpc16", "msdos2"], CompareWithGrub(path));
    }

    [Fact]
    public void Solaris_VTOC_on_the_whole_disk_is_read_as_GRUB_reads_it()
    {
        string path = _scratch.File("disk", 64 << 20);
        TableFixture.Poke(path, SectorBytes, Vtoc((0, 2, 64, 4096), (1, 3, 8192, 4096)));
        Assert.Equal(["sunpc1", "sunpc2"], CompareWithGrub(path));
    }

    [Fact]
    public void A_disk_inside_a_partition_of_a_GPT_has_its_partitions()
    {
        string inner = TableFixture.Sfdisk(_scratch, "label: dos\nlabel-id: 0x12345678\nstart=2048,size=4096\nstart=8192,size=8192,type=5\nstart=10240,size=1024\n", mebibytes: 16);
        byte[] bytes = File.ReadAllBytes(inner);
        File.Delete(inner);
        string path = TableFixture.Sfdisk(_scratch, "label: gpt\nstart=2048,size=36864\nsize=4M\n");
        TableFixture.Poke(path, 2048 * SectorBytes, bytes);
        Assert.Equal(["gpt1", "gpt1,msdos1", "gpt1,msdos5", "gpt2"], CompareWithGrub(path));
    }

    [Fact]
    public void An_inner_partition_that_ends_behind_its_outer_one_is_left_out()
    {
        string path = TableFixture.Sfdisk(_scratch, Mbr("bf"));
        TableFixture.Poke(path, (2048 + 1) * SectorBytes, Vtoc((0, 2, 64, 4096), (1, 3, 8192, 40960), (2, 3, uint.MaxValue, uint.MaxValue)));
        Assert.Equal(["msdos1", "msdos1,sunpc1", "msdos2"], CompareWithGrub(path));
        using FileSource disk = FileSource.Open(path);
        Assert.Equal(2, PartitionTable.Read(disk)!.Warnings.Count(warning => warning.Contains("ends behind", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(511)] // the checksum
    [InlineData(509)] // the magic number
    public void A_VTOC_whose_checks_fail_is_none(int offset)
    {
        string path = TableFixture.Sfdisk(_scratch, Mbr("bf"));
        byte[] label = Vtoc((0, 2, 64, 4096));
        label[offset] ^= 1;
        TableFixture.Poke(path, (2048 + 1) * SectorBytes, label);
        Assert.Equal(["msdos1", "msdos2"], CompareWithGrub(path));
    }

    [Fact]
    public void A_BSD_label_with_a_wrong_checksum_is_read_as_GRUB_does_and_warned_of()
    {
        string path = TableFixture.Sfdisk(_scratch, Mbr("a5"));
        Fdisk(path, InBsd);
        TableFixture.Poke(path, (2049 * SectorBytes) + 50, 0xFF);
        CompareWithGrub(path);
        using FileSource disk = FileSource.Open(path);
        Assert.Contains("checksum", Assert.Single(PartitionTable.Read(disk)!.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_inside_each_other_without_end_end()
    {
        string path = _scratch.File("disk", 64 << 20);
        for (int start = 0; start < 500; start++)
        {
            // In front of each sector something begins whose VTOC has partitions that begin with each of the next sectors, and fit in.
            TableFixture.Poke(path, (start + 1L) * SectorBytes, Vtoc([.. Enumerable.Range(0, 16).Select(i => (i, 2, (uint)i + 1, 130_000u - (20u * (uint)(start + i + 1))))]));
        }

        using FileSource disk = FileSource.Open(path);
        PartitionTable table = PartitionTable.Read(disk)!;
        Assert.Equal(PartitionLimits.MaxPartitions, table.Partitions.Count);
        Assert.Contains(table.Warnings, warning => warning.Contains("the rest is left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Random_labels_end_in_a_table_or_the_readers_own_exception()
    {
        byte[] bytes = new byte[1 << 20];
        for (int seed = 0; seed < 3000; seed++)
        {
            Random random = new(seed);
            random.NextBytes(bytes.AsSpan(0, 8192));
            Vtoc([.. Enumerable.Range(0, 16).Select(i => (i, random.Next(9), (uint)random.Next(3000), (uint)random.Next()))]).CopyTo(bytes.AsSpan(SectorBytes));
            if (seed % 2 == 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(SectorBytes), 0x82564557);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(SectorBytes + 132), 0x82564557);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(SectorBytes + 138), (ushort)random.Next(70));
            }

            try
            {
                Assert.True(PartitionTable.Read(new MemorySource(bytes)) is null or { Partitions.Count: <= PartitionLimits.MaxPartitions });
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    /// <summary>Fails unless GRUB finds the same partitions in the same order, with the same places and sizes; their names.</summary>
    private static string[] CompareWithGrub(string path)
    {
        string shown = Tool.Check(Tool.Path("sid-grub-fstest"), path, "ls", "--", "-l").Text;
        string[] theirs = [.. PartitionLine().Matches(shown).Select(match => $"{match.Groups[1]} {match.Groups[2]} {match.Groups[3]}").Reverse()];
        using FileSource disk = FileSource.Open(path);
        IReadOnlyList<Partition> ours = PartitionTable.Read(disk)?.Partitions ?? [];
        Assert.Equal(theirs, ours.Select(partition => $"{partition.GrubName} {Kib(partition.Start)} {Kib(partition.Length)}"));
        return [.. ours.Select(partition => partition.GrubName)];
    }

    private static string Kib(long bytes) => (bytes / 1024m).ToString("0.#", CultureInfo.InvariantCulture);

    private static byte[] Read(string path, int sector)
    {
        using FileSource disk = FileSource.Open(path);
        return disk.ReadExactly((long)sector * SectorBytes, SectorBytes);
    }

    /// <summary>No tool at hand writes these: number, id, first sector, sectors; then the magic number and the checksum.</summary>
    private static byte[] Vtoc(params (int Number, int Id, uint Start, uint Sectors)[] partitions)
    {
        byte[] label = new byte[SectorBytes];
        foreach ((int number, int id, uint start, uint sectors) in partitions)
        {
            Span<byte> entry = label.AsSpan(72 + (12 * number), 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)id);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], start);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], sectors);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(label.AsSpan(508), 0xDABE);
        int sum = 0;
        for (int i = 0; i < 510; i += 2)
        {
            sum ^= BinaryPrimitives.ReadUInt16LittleEndian(label.AsSpan(i));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(label.AsSpan(510), (ushort)sum);
        return label;
    }

    private static void Fdisk(string path, string keys)
    {
        ProcessStartInfo start = new(Tool.Path("fdisk"), ["--wipe", "never", path]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(keys);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("Disklabel written", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Partition loop0,(\S+):.*Partition start at ([0-9.]+)KiB - Total size ([0-9.]+)KiB")]
    private static partial Regex PartitionLine();
}
