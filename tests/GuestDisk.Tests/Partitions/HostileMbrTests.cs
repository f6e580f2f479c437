using System.Buffers.Binary;
using BlockRbd.GuestDisk.Partitions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.GuestDisk.Tests.Partitions;

/// <summary>Boot records that no tool writes. Disks in memory, of 512-byte sectors unless a test says otherwise.</summary>
public sealed class HostileMbrTests
{
    private const int Sectors = 4096;

    private readonly byte[] _disk = new byte[Sectors * 512];

    [Fact]
    public void Without_the_signature_there_is_no_table()
    {
        Record(0, (0x83, 8, 100));
        _disk[510] = 0;
        Assert.Null(Read());
    }

    [Fact]
    public void A_boot_indicator_other_than_00_or_80_makes_it_a_boot_sector()
    {
        Record(0, (0x83, 8, 100));
        _disk[446 + 48] = 0x20;
        Assert.Null(Read());
    }

    [Fact]
    public void A_disk_smaller_than_a_sector_has_no_table()
    {
        using MemorySource tiny = new(new byte[511]);
        Assert.Null(PartitionTable.Read(tiny));
    }

    [Fact]
    public void A_chain_that_comes_back_to_itself_ends_with_a_warning()
    {
        Record(0, (0x05, 100, 1000));
        Record(100, (0x83, 1, 10), (0x05, 20, 20));
        Record(120, (0x83, 1, 10), (0x05, 0, 20)); // back to the first
        PartitionTable table = Read()!;
        Assert.Equal([5, 6], Numbers(table));
        Assert.Equal(["logical partitions: boot record at byte 51200: the chain comes back to it; it ends here"], table.Warnings);
    }

    [Fact]
    public void An_extended_partition_at_sector_0_is_not_followed_round()
    {
        Record(0, (0x83, 8, 10), (0x05, 0, 1000));
        PartitionTable table = Read()!;
        Assert.Equal(1, table.Partitions[0].Number);
        Assert.Single(table.Warnings);
    }

    [Fact]
    public void A_link_behind_the_end_of_the_disk_ends_the_chain_with_a_warning()
    {
        Record(0, (0x05, 100, 1000));
        Record(100, (0x83, 1, 10), (0x05, uint.MaxValue, 20));
        PartitionTable table = Read()!;
        Assert.Equal([5], Numbers(table));
        Assert.EndsWith("behind the end of the disk; the rest is left out", Assert.Single(table.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_without_the_signature_ends_the_chain_with_a_warning()
    {
        Record(0, (0x83, 8, 10), (0x0F, 100, 1000));
        PartitionTable table = Read()!;
        Assert.Equal([1], Numbers(table));
        Assert.EndsWith("no signature 55 AA; the rest is left out", Assert.Single(table.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_records_without_partitions_ends()
    {
        byte[] large = new byte[4000 * 512];
        Record(large, 0, (0x05, 1, 3999));
        for (uint i = 0; i < 3000; i++)
        {
            Record(large, 1 + (int)i, (0x05, i + 1, 1));
        }

        using MemorySource source = new(large);
        Assert.Contains("512 boot records", Assert.Single(PartitionTable.Read(source)!.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void More_partitions_than_Linux_takes_are_left_out_with_a_warning()
    {
        byte[] large = new byte[4000 * 512];
        Record(large, 0, (0x05, 1, 3999));
        for (uint i = 0; i < 1000; i++)
        {
            Record(large, 1 + ((int)i * 2), (0x83, 1, 1), (0x05, (i + 1) * 2, 2));
        }

        using MemorySource source = new(large);
        PartitionTable table = PartitionTable.Read(source)!;
        Assert.Equal(256, table.Partitions.Count);
        Assert.Single(table.Warnings);
    }

    [Fact]
    public void The_link_may_stand_first_and_the_partition_second()
    {
        Record(0, (0x05, 100, 1000));
        Record(100, (0x05, 20, 20), (0x83, 1, 10));
        Record(120, (0x83, 2, 5));
        Assert.Equal([(5, 101 * 512L), (6, 122 * 512L)], Read()!.Partitions.Select(p => (p.Number, p.Start)));
    }

    [Fact]
    public void A_third_entry_that_leaves_its_container_is_garbage()
    {
        Record(0, (0x05, 100, 1000));
        Record(100, (0x83, 1, 10), (0, 0, 0), (0x83, 900, 200), (0x83, 20, 10));
        Assert.Equal([(5, 101 * 512L), (6, 120 * 512L)], Read()!.Partitions.Select(p => (p.Number, p.Start)));
    }

    [Fact]
    public void An_extended_partition_inside_an_extended_one_is_a_link_of_its_chain()
    {
        Record(0, (0x83, 8, 10), (0x0F, 100, 1000));
        Record(100, (0x83, 1, 10), (0x85, 50, 100));
        Record(150, (0x83, 1, 10), (0x05, 80, 20)); // counted from sector 100
        Record(180, (0x83, 1, 10));
        Assert.Equal([(1, 8L), (5, 101L), (6, 151L), (7, 181L)], Read()!.Partitions.Select(p => (p.Number, p.Start / 512)));
    }

    [Fact]
    public void A_partition_without_sectors_is_none()
    {
        Record(0, (0x83, 8, 0), (0x83, 8, 10));
        Assert.Equal([2], Numbers(Read()!));
    }

    [Fact]
    public void A_disk_without_a_signature_of_its_own_has_no_partition_uuids()
    {
        Record(0, (0x83, 8, 10));
        Assert.Equal(("", ""), (Read()!.DiskUuid, Read()!.Partitions[0].Uuid));
    }

    [Fact]
    public void The_uuid_of_a_partition_has_its_number_in_hexadecimal()
    {
        Record(0, (0x05, 100, 3000));
        BinaryPrimitives.WriteUInt32LittleEndian(_disk.AsSpan(0x1B8), 0x0BADCAFE);
        for (uint i = 0; i < 20; i++)
        {
            Record(100 + ((int)i * 20), (0x83, 1, 10), (0x05, (i + 1) * 20, 20));
        }

        Assert.Equal("0badcafe-10", Read()!.Partitions.Single(p => p.Number == 16).Uuid);
    }

    [Fact]
    public void A_partition_behind_the_end_is_an_error_of_that_partition()
    {
        Record(0, (0x83, 8, 100), (0x83, uint.MaxValue, uint.MaxValue), (0x83, 4000, 97));
        using MemorySource source = new(_disk);
        GuestDiskSet set = GuestDiskSet.Open([source]);
        Assert.Equal([true, true, false, false], set.Volumes.Select(volume => volume.Source is not null));
        Assert.Contains("the device ends at byte 2097152", set.Volumes[3].Unreadable, StringComparison.Ordinal);
    }

    [Fact]
    public void Sectors_of_4096_bytes_count_as_such()
    {
        Record(0, (0x83, 8, 100), (0x05, 200, 300));
        Record(200 * 8, (0x83, 2, 10));
        using MemorySource source = new(_disk, 4096);
        Assert.Equal([(1, 8 * 4096L), (5, 202 * 4096L)], PartitionTable.Read(source)!.Partitions.Select(p => (p.Number, p.Start)));
    }

    private PartitionTable? Read()
    {
        using MemorySource source = new(_disk);
        return PartitionTable.Read(source);
    }

    private static IEnumerable<int> Numbers(PartitionTable table) => table.Partitions.Select(partition => partition.Number);

    private void Record(int sector, params (byte Type, uint Start, uint Sectors)[] entries) => Record(_disk, sector, entries);

    private static void Record(byte[] disk, int sector, params (byte Type, uint Start, uint Sectors)[] entries)
    {
        Span<byte> record = disk.AsSpan(sector * 512, 512);
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = record.Slice(446 + (i * 16), 16);
            entry[4] = entries[i].Type;
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], entries[i].Start);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], entries[i].Sectors);
        }

        record[510] = 0x55;
        record[511] = 0xAA;
    }
}
