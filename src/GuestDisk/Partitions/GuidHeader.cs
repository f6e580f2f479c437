using System.Globalization;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>A GPT header that is in order by itself: its checksum is right and it stands where it says (UEFI 2.10, 5.3.2).</summary>
internal sealed class GuidHeader
{
    private const int MinHeaderBytes = 92;
    private const int ChecksumOffset = 16; // HeaderCRC32

    private GuidHeader(long entriesOffset, int entryBytes, int entryCount, uint entriesChecksum, string diskGuid)
    {
        EntriesOffset = entriesOffset;
        EntryBytes = entryBytes;
        EntryCount = entryCount;
        EntriesChecksum = entriesChecksum;
        DiskGuid = diskGuid;
    }

    /// <summary>First byte of the entries.</summary>
    public long EntriesOffset { get; }

    /// <summary>Bytes of an entry.</summary>
    public int EntryBytes { get; }

    /// <summary>Entries, used or not.</summary>
    public int EntryCount { get; }

    /// <summary>PartitionEntryArrayCRC32.</summary>
    public uint EntriesChecksum { get; }

    /// <summary>The disk's GUID.</summary>
    public string DiskGuid { get; }

    /// <summary>Whether a sector begins with a header's signature.</summary>
    public static bool HasSignature(BlockSource disk, long offset) =>
        offset >= 0 && offset <= disk.Length - MinHeaderBytes && disk.ReadExactly(offset, 8).AsSpan().SequenceEqual("EFI PART"u8);

    /// <summary>Where the header at <paramref name="offset"/>, though damaged, says that its copy stands.</summary>
    public static ulong AlternateLba(BlockSource disk, long offset) =>
        new StructReader("GPT header", disk.Name, offset, disk.ReadExactly(offset, MinHeaderBytes)).U64(32);

    /// <summary>Reads the header in a sector.</summary>
    /// <exception cref="ImageFormatException">It isn't one, or is damaged.</exception>
    public static GuidHeader Read(BlockSource disk, ulong lba, int sectorSize)
    {
        long offset = checked((long)lba * sectorSize);
        byte[] bytes = disk.ReadExactly(offset, sectorSize);
        StructReader header = new("GPT header", disk.Name, offset, bytes);
        if (!header.Bytes(0, 8).SequenceEqual("EFI PART"u8))
        {
            header.NotRecognized(0, "no signature \"EFI PART\"");
        }

        uint headerBytes = header.U32(12);
        if (headerBytes < MinHeaderBytes || headerBytes > sectorSize)
        {
            header.Corrupt(12, $"size {headerBytes}");
        }

        uint crc = Checksums.Crc32(0, bytes.AsSpan(0, ChecksumOffset));
        crc = Checksums.Crc32(crc, stackalloc byte[4]); // counts as zero
        crc = Checksums.Crc32(crc, bytes.AsSpan(ChecksumOffset + 4, (int)headerBytes - ChecksumOffset - 4));
        if (!StoredChecksum.Matches(header.U32(ChecksumOffset), crc))
        {
            header.Corrupt(ChecksumOffset, "wrong checksum");
        }

        if (header.U64(24) != lba)
        {
            header.Corrupt(24, $"says that it stands in sector {header.U64(24)}, not {lba}");
        }

        return ReadEntryArray(header, sectorSize);
    }

    /// <summary>A GUID as everybody writes it: the first three fields little-endian, in lower case.</summary>
    public static string Guid(ReadOnlySpan<byte> bytes) => new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);

    private static GuidHeader ReadEntryArray(StructReader header, int sectorSize)
    {
        ulong entriesLba = header.U64(72);
        uint count = header.U32(80);
        uint entryBytes = header.U32(84);
        if (entryBytes < 128 || entryBytes > PartitionLimits.MaxEntryBytes || !System.Numerics.BitOperations.IsPow2(entryBytes))
        {
            header.Corrupt(84, $"entries of {entryBytes} bytes");
        }

        if (count > PartitionLimits.MaxEntryTableBytes / entryBytes)
        {
            header.OverLimit(80, $"{count} entries of {entryBytes} bytes");
        }

        if (entriesLba > PartitionLimits.MaxSectors)
        {
            header.Corrupt(72, $"entries in sector {entriesLba}");
        }

        return new GuidHeader(
            (long)entriesLba * sectorSize, (int)entryBytes, (int)count, header.U32(88), Guid(header.Bytes(56, 16)));
    }
}
