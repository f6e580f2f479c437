using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>A range of a physical volume that holds metadata.</summary>
internal readonly record struct LvmArea(long Offset, long Length);

/// <summary>A physical volume's label and header (LVM2: label_header, pv_header in lib/label/label.h and lib/format_text/layout.h).</summary>
/// <param name="Uuid">The physical volume's UUID without dashes, as the header has it.</param>
/// <param name="Areas">Its metadata areas.</param>
internal sealed record LvmLabel(string Uuid, IReadOnlyList<LvmArea> Areas)
{
    private const string StructureName = "LVM2 label";
    private const int SectorBytes = 512;
    private const int SectorsScanned = 4; // LABEL_SCAN_SECTORS
    private const int UuidBytes = 32;

    /// <summary>Reads the label; null where there is none.</summary>
    /// <exception cref="ImageFormatException">There is one, but it is corrupt.</exception>
    public static LvmLabel? TryRead(BlockSource source)
    {
        if (source.Length < SectorsScanned * SectorBytes)
        {
            return null;
        }

        byte[] bytes = source.ReadExactly(0, SectorsScanned * SectorBytes);
        for (int sector = 0; sector < SectorsScanned; sector++)
        {
            StructReader label = new(StructureName, source.Name, sector * SectorBytes, bytes.AsSpan(sector * SectorBytes, SectorBytes));
            if (label.Bytes(0, 8).SequenceEqual("LABELONE"u8) && label.Bytes(24, 8).SequenceEqual("LVM2 001"u8))
            {
                return Parse(label, sector);
            }
        }

        return null;
    }

    private static LvmLabel Parse(StructReader label, int sector)
    {
        if (label.U64(8) != (ulong)sector) // sector_xl
        {
            label.Corrupt(8, $"counts itself as sector {label.U64(8)}");
        }

        uint expected = label.U32(16); // crc_xl, over all behind it
        uint found = LvmChecksum.Of(label.Bytes(20, SectorBytes - 20));
        if (!StoredChecksum.Matches(expected, found))
        {
            label.Corrupt(16, $"checksum is 0x{found:x8}, not 0x{expected:x8}");
        }

        int header = (int)Math.Min(label.U32(20), SectorBytes); // offset_xl: pv_header
        string uuid = System.Text.Encoding.Latin1.GetString(label.Bytes(header, UuidBytes));
        int at = header + UuidBytes + 8; // device_size_xl
        for (; label.U64(at) != 0; at += 16)
        {
            // Data areas, up to an entry of zeros: where extents begin is in the text as well (pe_start).
        }

        List<LvmArea> areas = [];
        for (at += 16; label.U64(at) != 0; at += 16)
        {
            (ulong offset, ulong length) = (label.U64(at), label.U64(at + 8));
            if (offset > long.MaxValue / 2 || length > LvmLimits.MaxAreaBytes || areas.Count == LvmLimits.MaxAreas)
            {
                label.OverLimit(at, $"metadata area {areas.Count}: {length} bytes at byte {offset}");
            }

            areas.Add(new LvmArea((long)offset, (long)length));
        }

        return new LvmLabel(uuid, areas);
    }
}
