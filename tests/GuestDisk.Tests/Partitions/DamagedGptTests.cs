using System.Buffers.Binary;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Testing;
using BlockRbd.Unpacking;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Partitions;

public sealed class DamagedGptTests : IDisposable
{
    private const int Mega = 1 << 20;
    private const string Script = "label: gpt\nsize=4M, name=a\nsize=8M, name=b\n";
    private const long Header = 512;

    private readonly ScratchFolder _scratch = new();
    private readonly string _disk;
    private readonly string[] _whole;

    public DamagedGptTests()
    {
        _disk = TableFixture.Sfdisk(_scratch, Script);
        using LoopDevice loop = new(_disk);
        _whole = TableFixture.UtilLinux(loop);
        Assert.Equal(2, _whole.Length);
    }

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, long, byte> Damages => new()
    {
        { "no signature", Header, (byte)'X' },
        { "a header field", Header + 40, 0x99 },
        { "the header's checksum", Header + 16, 0x99 },
        { "the header's size", Header + 12, 0xFF },
        { "the disk's GUID", Header + 56, 0x99 },
        { "an entry's start", 1024 + 32, 0x99 },
        { "the last unused entry", 1024 + (127 * 128) + 100, 1 },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void The_backup_is_used_where_the_primary_copy_is_damaged(string what, long offset, byte value)
    {
        Assert.NotEmpty(what);
        TableFixture.Poke(_disk, offset, value);
        using FileSource disk = FileSource.Open(_disk);
        Assert.Equal(_whole, TableFixture.Ours(disk));
        string warning = Assert.Single(PartitionTable.Read(disk)!.Warnings);
        Assert.StartsWith("GPT: the primary copy can't be used (", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_in_order_has_no_warnings()
    {
        using FileSource disk = FileSource.Open(_disk);
        Assert.Empty(PartitionTable.Read(disk)!.Warnings);
    }

    [Fact]
    public void The_backup_with_sectors_of_4096_bytes_is_used_too()
    {
        string path = TableFixture.Sfdisk(_scratch, Script, 4096);
        using LoopDevice loop = new(path, 4096);
        string[] whole = TableFixture.UtilLinux(loop);
        TableFixture.Poke(path, 4096, new byte[4096]);
        using FileSource device = FileSource.Open(loop.Path);
        using FileSource copy = FileSource.Open(path);
        Assert.Equal(whole, TableFixture.Ours(device));
        Assert.Equal(whole, TableFixture.Ours(copy));
    }

    [Fact]
    public void The_backup_is_found_where_the_disk_was_made_larger_afterwards()
    {
        TableFixture.Poke(_disk, 1024, new byte[512]); // the entries; the header still says where its copy is
        Enlarge();
        using FileSource disk = FileSource.Open(_disk);
        Assert.Equal(_whole, TableFixture.Ours(disk));
    }

    [Fact]
    public void The_protective_entry_tells_where_the_disk_used_to_end()
    {
        TableFixture.Poke(_disk, Header, new byte[512]);
        Enlarge();
        using FileSource disk = FileSource.Open(_disk);
        Assert.Equal(_whole, TableFixture.Ours(disk));
    }

    [Fact]
    public void A_disk_whose_first_MiB_is_gone_still_has_its_backup()
    {
        TableFixture.Poke(_disk, 0, new byte[Mega]);
        using FileSource source = FileSource.Open(_disk);
        GuestDiskInfo disk = GuestDiskSet.Open([source]).Disks[0];
        Assert.Equal(["a", "b"], disk.Table!.Partitions.Select(partition => partition.Name));
        Assert.Equal("GPT: there is no protective MBR", disk.Table.Warnings[0]);
    }

    [Fact]
    public void An_old_backup_does_not_count_where_an_MBR_was_made_since()
    {
        TableFixture.ApplySfdisk(_disk, "label: dos\nsize=16M\n");
        TableFixture.Poke(_disk, 512, new byte[Mega]); // in case sfdisk left the primary copy: only the backup is of interest
        using FileSource disk = FileSource.Open(_disk);
        Assert.Equal("msdos", PartitionTable.Read(disk)!.Scheme);
    }

    [Fact]
    public void No_copy_in_order_is_an_error_that_says_what_is_wrong()
    {
        TableFixture.Poke(_disk, Header + 56, 0x99);
        TableFixture.Poke(_disk, (64 * Mega) - 512 + 56, 0x99);
        using FileSource disk = FileSource.Open(_disk);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => PartitionTable.Read(disk));
        Assert.Equal(ImageFault.Corrupt, e.Fault);
        Assert.Equal(
            $"GPT on {_disk}: the MBR announces one, but no copy can be used; GPT header at byte 528 (0x210) of {_disk}: wrong checksum", e.Message);
    }

    [Theory]
    [InlineData(80, 0xFFFFFFFFu, "4294967295 entries of 128 bytes")]
    [InlineData(84, 0u, "entries of 0 bytes")]
    [InlineData(84, 127u, "entries of 127 bytes")]
    [InlineData(84, 192u, "entries of 192 bytes")]
    [InlineData(84, 8192u, "entries of 8192 bytes")]
    [InlineData(76, 0xFFFFFFFFu, "entries in sector")]
    [InlineData(76, 0x000FFFFFu, "entries in sector")]
    [InlineData(72, 0xFFFFFFFFu, "the device ends")]
    [InlineData(24, 2u, "says that it stands in sector 2, not 1")]
    [InlineData(12, 91u, "size 91")]
    [InlineData(12, 513u, "size 513")]
    public void A_hostile_header_with_a_right_checksum_is_refused(int field, uint value, string problem)
    {
        BreakBackup();
        byte[] header = ReadHeader();
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(field), value);
        WriteHeader(header);
        using FileSource disk = FileSource.Open(_disk);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => PartitionTable.Read(disk));
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(4096)]
    public void Entries_may_be_larger_than_usual(int entryBytes)
    {
        using FileSource before = FileSource.Open(_disk);
        byte[] entries = before.ReadExactly(1024, 16384);
        byte[] larger = new byte[4 * entryBytes];
        entries.AsSpan(0, 128).CopyTo(larger);
        entries.AsSpan(128, 128).CopyTo(larger.AsSpan(entryBytes));
        Rewrite(larger, entryBytes);
        using FileSource disk = FileSource.Open(_disk);
        Assert.Equal(_whole, TableFixture.Ours(disk));
    }

    [Theory]
    [InlineData(0xFFFFFFFFFFFFFFFFul, 0xFFFFFFFFFFFFFFFFul)]
    [InlineData(5000ul, 4999ul)]
    [InlineData(2048ul, 0x7FFFFFFFFFFFFFFFul)]
    [InlineData(2048ul, 200_000ul)]
    [InlineData(131_072ul, 131_072ul)]
    public void A_partition_outside_the_disk_is_an_error_of_that_partition(ulong first, ulong last)
    {
        using FileSource before = FileSource.Open(_disk);
        byte[] entries = before.ReadExactly(1024, 16384);
        BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(32), first);
        BinaryPrimitives.WriteUInt64LittleEndian(entries.AsSpan(40), last);
        Rewrite(entries, 128);
        using FileSource disk = FileSource.Open(_disk);
        GuestDiskSet set = GuestDiskSet.Open([disk]);
        GuestVolume bad = set.Volumes[1];
        Assert.Equal((1, "a"), (bad.Partition!.Number, bad.Partition.Name));
        Assert.Null(bad.Source);
        Assert.Equal(ImageFault.Truncated, Assert.IsType<ImageFormatException>(bad.Failure).Fault);
        Assert.NotNull(set.Volumes[2].Source);
    }

    [Fact]
    public void Any_damaged_byte_of_both_copies_ends_in_the_one_exception()
    {
        byte[] disk = File.ReadAllBytes(_disk);
        Random random = new(7);
        using MemorySource source = new(disk);
        for (int i = 0; i < 2000; i++)
        {
            List<(int Place, byte Good)> changed = [];
            for (int j = 0; j < 4; j++)
            {
                int place = random.Next(3) switch { 0 => 446 + random.Next(66), 1 => 512 + random.Next(92), _ => disk.Length - 512 + random.Next(92) };
                changed.Insert(0, (place, disk[place]));
                disk[place] = (byte)random.Next(256);
            }

            GuestDiskSet.Open([source]); // whatever it finds: nothing is thrown
            changed.ForEach(change => disk[change.Place] = change.Good);
        }
    }

    private void Enlarge()
    {
        using FileStream file = File.OpenWrite(_disk);
        file.SetLength(80L * Mega);
    }

    private void BreakBackup() => TableFixture.Poke(_disk, (64 * Mega) - 512, new byte[512]);

    private byte[] ReadHeader()
    {
        using FileSource disk = FileSource.Open(_disk);
        return disk.ReadExactly(Header, 512);
    }

    /// <summary>Puts a header in place with a checksum that is right (UEFI 2.10, 5.3.2), whatever else is wrong.</summary>
    private void WriteHeader(byte[] header)
    {
        int size = Math.Min(512, BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)));
        header.AsSpan(16, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), Crc(header.AsSpan(0, size)));
        TableFixture.Poke(_disk, Header, header);
    }

    private void Rewrite(byte[] entries, int entryBytes)
    {
        BreakBackup();
        byte[] header = ReadHeader();
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(80), entries.Length / entryBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(84), entryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(88), Crc(entries));
        TableFixture.Poke(_disk, 1024, entries);
        WriteHeader(header);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes) => Checksums.Crc32(0, bytes);
}
