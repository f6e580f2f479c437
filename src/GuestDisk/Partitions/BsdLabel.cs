using System.Globalization;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>
/// The label of FreeBSD, NetBSD and OpenBSD (their sys/disklabel.h, struct disklabel), in sector 1 of a disk or partition. It counts in sectors of 512 bytes, as GRUB's bsdlabel.c does.
/// </summary>
internal static class BsdLabel
{
    private const int SectorBytes = 512;
    private const uint Magic = 0x82564557; // d_magic, d_magic2
    private const int HeaderBytes = 148;
    private const int EntryBytes = 16;
    private const int WholeDisk = 2; // RAW_PART, "c": a name for all of it

    /// <summary>The partitions of a label; empty where there is none.</summary>
    /// <param name="source">What the label's numbers count in.</param>
    /// <param name="scheme">GRUB's name: "bsd", "netbsd", "openbsd".</param>
    /// <param name="start">First byte, in the source, of what has the label in its sector 1.</param>
    /// <param name="isFreeBsd">Whether they count from where "c" begins: FreeBSD's in a partition of an MBR.</param>
    /// <param name="warnings">Told what is wrong with it.</param>
    public static List<Partition> Read(BlockSource source, string scheme, long start, bool isFreeBsd, List<string> warnings)
    {
        List<Partition> partitions = [];
        long offset = start + SectorBytes;
        int bytes = HeaderBytes + (PartitionLimits.MaxBsdPartitions * EntryBytes);
        if (offset > source.Length - bytes)
        {
            return partitions;
        }

        StructReader label = new("BSD label", source.Name, offset, source.ReadExactly(offset, bytes));
        int count = label.U16(138); // d_npartitions
        if (label.U32(0) != Magic || label.U32(132) != Magic || count > PartitionLimits.MaxBsdPartitions)
        {
            return partitions;
        }

        if (Xor(label.Bytes(0, HeaderBytes + (count * EntryBytes))) != 0) // d_checksum makes it so
        {
            warnings.Add($"BSD label on {source.Name}: its checksum is wrong; GRUB doesn't look at it");
        }

        uint first = isFreeBsd && count > WholeDisk ? label.U32(HeaderBytes + (WholeDisk * EntryBytes) + 4) : 0;
        for (int i = 0; i < count; i++)
        {
            int at = HeaderBytes + (i * EntryBytes);
            (uint size, uint begin) = (label.U32(at), label.U32(at + 4)); // p_size, p_offset
            if (i == WholeDisk || size == 0)
            {
                continue;
            }

            if (begin < first)
            {
                warnings.Add($"BSD label on {source.Name}: partition {i + 1} begins in front of what it is in; left out");
                continue;
            }

            string type = string.Create(CultureInfo.InvariantCulture, $"0x{label.U8(at + 12):x}"); // p_fstype
            partitions.Add(new Partition(scheme, i + 1, type, "", "", 0, (long)(begin - first) * SectorBytes, (long)size * SectorBytes));
        }

        return partitions;
    }

    private static int Xor(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i + 1 < bytes.Length; i += 2)
        {
            sum ^= bytes[i] | (bytes[i + 1] << 8);
        }

        return sum;
    }
}
