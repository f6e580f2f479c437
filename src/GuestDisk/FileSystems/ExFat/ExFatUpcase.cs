using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>The up-case table (exFAT 7.2): names are the same where they are the same in upper case, by the volume's own table.</summary>
internal sealed class ExFatUpcase
{
    private const string StructureName = "exFAT up-case table";
    private const ushort Unmapped = 0xFFFF; // exFAT 7.2.5: in a compressed table; the next number says how many characters stay as they are

    private readonly char[] _map = new char[65536];

    private ExFatUpcase()
    {
        for (int i = 0; i < _map.Length; i++)
        {
            _map[i] = (char)i;
        }
    }

    /// <summary>Reads the table that an entry of the root directory names.</summary>
    /// <exception cref="ImageFormatException">It has another checksum than its entry says, or too many mappings.</exception>
    public static ExFatUpcase Read(FatClusters volume, StructReader entry)
    {
        uint first = entry.U32(20); // FirstCluster
        ulong length = entry.U64(24); // DataLength
        if (length > ExFatLimits.MaxUpcaseBytes || length % 2 != 0)
        {
            entry.Corrupt(24, $"an up-case table of {length} bytes");
        }

        byte[] bytes = new byte[length];
        FatContent.OfFile(volume, StructureName, first, (long)length).Read(0, bytes);
        uint sum = 0;
        foreach (byte b in bytes)
        {
            sum = unchecked(uint.RotateRight(sum, 1) + b); // exFAT 7.2.2
        }

        if (!StoredChecksum.Matches(entry.U32(4), sum)) // TableChecksum
        {
            volume.Corrupt(StructureName, $"its checksum is {sum:x8}, not {entry.U32(4):x8}");
        }

        ExFatUpcase table = new();
        table.Fill(volume, bytes);
        return table;
    }

    /// <summary>Whether two names are the same.</summary>
    public bool IsSame(ReadOnlySpan<char> name, ReadOnlySpan<char> other)
    {
        if (name.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (_map[name[i]] != _map[other[i]])
            {
                return false;
            }
        }

        return true;
    }

    private void Fill(FatClusters volume, ReadOnlySpan<byte> bytes)
    {
        int index = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            int value = bytes[at] | (bytes[at + 1] << 8);
            bool skips = value == Unmapped && at + 2 < bytes.Length && index != Unmapped;
            if (skips)
            {
                at += 2;
                index += bytes[at] | (bytes[at + 1] << 8);
            }

            if (index > _map.Length || (!skips && index == _map.Length))
            {
                volume.Corrupt(StructureName, $"maps more than {_map.Length} characters");
            }

            if (!skips)
            {
                _map[index++] = (char)value;
            }
        }
    }
}
