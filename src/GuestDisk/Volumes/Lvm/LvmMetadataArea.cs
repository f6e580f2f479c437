using System.Text;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>A metadata area: a header and a ring of texts, of which the header names the one that counts (lib/format_text/layout.h: mda_header).</summary>
internal static class LvmMetadataArea
{
    private const string StructureName = "LVM2 metadata area";
    private const int HeaderBytes = 512; // MDA_HEADER_SIZE
    private const int Ignored = 1; // RAW_LOCN_IGNORED

    /// <summary>The text that counts; null where the area holds none.</summary>
    /// <exception cref="ImageFormatException">The header or the text is not what its checksum says.</exception>
    public static string? Read(BlockSource source, LvmArea area)
    {
        StructReader header = new(StructureName, source.Name, area.Offset, source.ReadExactly(area.Offset, HeaderBytes));
        if (!header.Bytes(4, 16).SequenceEqual(" LVM2 x[5A%r0N*>"u8))
        {
            header.Corrupt(4, "no FMTT_MAGIC");
        }

        uint expected = header.U32(0);
        uint found = LvmChecksum.Of(header.Bytes(4, HeaderBytes - 4));
        if (!StoredChecksum.Matches(expected, found))
        {
            header.Corrupt(0, $"checksum is 0x{found:x8}, not 0x{expected:x8}");
        }

        if (header.U32(20) != 1)
        {
            header.Unsupported(20, $"version {header.U32(20)}");
        }

        // raw_locns[0]: offset, size, checksum, flags
        (ulong offset, ulong size) = (header.U64(40), header.U64(48));
        if (offset == 0 || (header.U32(60) & Ignored) != 0)
        {
            return null;
        }

        ulong length = header.U64(32);
        if (length > LvmLimits.MaxAreaBytes || offset < HeaderBytes || offset >= length || size > length - HeaderBytes)
        {
            header.Corrupt(40, $"{size} bytes of text at byte {offset} of {length}");
        }

        if (size is 0 or > LvmLimits.MaxTextBytes)
        {
            header.OverLimit(48, $"{size} bytes of text, more than {LvmLimits.MaxTextBytes}");
        }

        byte[] text = new byte[(int)size];
        int first = (int)Math.Min(size, length - offset); // the ring goes on behind the header
        source.ReadExactly(area.Offset + (long)offset, text.AsSpan(0, first));
        source.ReadExactly(area.Offset + HeaderBytes, text.AsSpan(first));
        uint sum = LvmChecksum.Of(text);
        if (!StoredChecksum.Matches(header.U32(56), sum))
        {
            header.Corrupt(56, $"the text's checksum is 0x{sum:x8}, not 0x{header.U32(56):x8}");
        }

        return Encoding.Latin1.GetString(text.AsSpan().TrimEnd((byte)0));
    }
}
