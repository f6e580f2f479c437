using System.Globalization;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Partitions;

/// <summary>
/// Sun's label in sector 0 (Linux block/partitions/sun.c), in big-endian, and Solaris' VTOC for PCs in sector 1 of a disk or partition (GRUB sunpc.c). Both end in a
/// magic number and a checksum, and count in sectors of 512 bytes.
/// </summary>
internal static class SunLabel
{
    private const int SectorBytes = 512;
    private const ushort Magic = 0xDABE;
    private const int MagicOffset = 508;
    private const int SunCount = 8;
    private const int PcCount = 16;
    private const int WholeDisk = 5;

    /// <summary>The partitions of a Sun label; empty where there is none.</summary>
    public static List<Partition> ReadSun(BlockSource source)
    {
        List<Partition> partitions = [];
        if (source.Length < SectorBytes)
        {
            return partitions;
        }

        StructReader label = new("Sun label", source.Name, 0, source.ReadExactly(0, SectorBytes));
        if (label.U16BigEndian(MagicOffset) != Magic || !IsWhole(label.Bytes(0, SectorBytes)))
        {
            return partitions;
        }

        long cylinderBytes = (long)label.U16BigEndian(436) * label.U16BigEndian(438) * SectorBytes; // ntrks, nsect
        for (int i = 0; i < SunCount; i++)
        {
            int id = label.U8(142 + (i * 4) + 1);
            long cylinder = label.U32BigEndian(444 + (i * 8));
            long sectors = label.U32BigEndian(444 + (i * 8) + 4);
            if (id is not (0 or WholeDisk) && sectors > 0)
            {
                long start = cylinderBytes == 0 ? 0 : Math.Min(cylinder, PartitionLimits.MaxByte / cylinderBytes) * cylinderBytes;
                partitions.Add(new Partition("sun", i + 1, Type(id), "", "", 0, start, sectors * SectorBytes));
            }
        }

        return partitions;
    }

    /// <summary>The partitions of a VTOC for PCs; empty where there is none.</summary>
    public static List<Partition> ReadPc(BlockSource source)
    {
        List<Partition> partitions = [];
        if (source.Length < 2 * SectorBytes)
        {
            return partitions;
        }

        StructReader label = new("Solaris VTOC", source.Name, SectorBytes, source.ReadExactly(SectorBytes, SectorBytes));
        if (label.U16(MagicOffset) != Magic || !IsWhole(label.Bytes(0, SectorBytes)))
        {
            return partitions;
        }

        for (int i = 0; i < PcCount; i++)
        {
            int at = 72 + (i * 12);
            int id = label.U16(at);
            long sectors = label.U32(at + 8);
            if (id is not (0 or WholeDisk) && sectors > 0)
            {
                partitions.Add(new Partition("sunpc", i + 1, Type(id), "", "", 0, (long)label.U32(at + 4) * SectorBytes, sectors * SectorBytes));
            }
        }

        return partitions;
    }

    private static string Type(int id) => string.Create(CultureInfo.InvariantCulture, $"0x{id:x}");

    // The checksum makes the exclusive or of all words zero.
    private static bool IsWhole(ReadOnlySpan<byte> sector)
    {
        int sum = 0;
        for (int i = 0; i < sector.Length; i += 2)
        {
            sum ^= sector[i] | (sector[i + 1] << 8);
        }

        return sum == 0;
    }
}
