using System.Runtime.InteropServices;
using System.Text;
using BlockRbd.GuestDisk.FileSystems.Fat;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>A directory's entry sets, in the disk's order (exFAT 6 and 7).</summary>
/// <param name="volume">The volume.</param>
/// <param name="what">Whose it is, for messages.</param>
/// <param name="content">Its bytes.</param>
/// <param name="hasChain">Whether its clusters are a chain.</param>
internal sealed class ExFatDirectory(ExFatVolume volume, string what, FatContent content, bool hasChain)
{
    public const int EntryBytes = 32;
    private const byte EndMark = 0x00;
    private const byte FileType = 0x85;
    private const byte StreamType = 0xC0;
    private const byte NameType = 0xC1;
    private const byte BenignBit = 0x20; // exFAT 6.2.1.2: TypeImportance
    private const byte NoFatChain = 2; // exFAT 6.3.4.2
    private const int UnitsPerEntry = 15;

    private readonly byte[] _window = new byte[ExFatLimits.DirectoryWindowBytes];
    private long _windowStart = -1;

    /// <summary>Every file and directory of it, without names that no path can have.</summary>
    public IEnumerable<ExFatFile> List()
    {
        for (long at = 0; content.Length - at >= EntryBytes && TypeAt(at) != EndMark;)
        {
            if (TypeAt(at) != FileType)
            {
                at += EntryBytes; // the root's own entries, deleted ones, what a future version may add
                continue;
            }

            ExFatFile file = ReadSet(ref at);
            if (file.Name is not ("." or "..") && !file.Name.Contains('/', StringComparison.Ordinal))
            {
                yield return file;
            }
        }
    }

    /// <summary>The file of a name, in any case. As Linux and Windows, dots behind it don't count.</summary>
    public ExFatFile? Find(ReadOnlySpan<byte> name)
    {
        string wanted = Encoding.UTF8.GetString(name);
        foreach (ExFatFile file in List())
        {
            if (volume.Upcase.IsSame(wanted.AsSpan().TrimEnd('.'), file.Name.AsSpan().TrimEnd('.')) || name.SequenceEqual(Encoding.UTF8.GetBytes(file.Name)))
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>The place of the first entry of a type, or negative.</summary>
    public long Locate(byte type)
    {
        for (long at = 0; content.Length - at >= EntryBytes && TypeAt(at) != EndMark; at += EntryBytes)
        {
            if (TypeAt(at) == type)
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The entry at a place that <see cref="Locate"/> gave.</summary>
    public StructReader Entry(long at, string structure)
    {
        byte[] entry = new byte[EntryBytes];
        content.Read(at, entry);
        return new StructReader(structure, volume.Source.Name, content.Locate(at), entry);
    }

    /// <summary>The file whose entries begin at a place; moves on behind them.</summary>
    /// <exception cref="ImageFormatException">They are not a file's, or not all there.</exception>
    public ExFatFile ReadSet(ref long at)
    {
        long offset = content.Locate(at);
        StructReader first = Entry(at, $"exFAT entry in {what}");
        int count = first.U8(1); // SecondaryCount
        if (first.U8(0) != FileType || count is < 2 or > ExFatLimits.MaxSecondaries || (count + 1) * EntryBytes > content.Length - at)
        {
            first.Corrupt(0, $"type {first.U8(0):x2} with {count} entries behind it is no file's");
        }

        byte[] bytes = new byte[(count + 1) * EntryBytes];
        content.Read(at, bytes);
        at += bytes.Length;
        StructReader set = new($"exFAT entries in {what}", volume.Source.Name, offset, bytes);
        ushort sum = Checksum(bytes);
        if (!StoredChecksum.Matches(set.U16(2), sum)) // SetChecksum
        {
            set.Corrupt(2, $"their checksum is {sum:x4}, not {set.U16(2):x4}");
        }

        return Parse(set, count, ExFatFile.NumberOf(offset, hasChain));
    }

    private ExFatFile Parse(StructReader set, int count, ulong number)
    {
        const int Stream = EntryBytes; // the stream's entry is the first behind the file's (exFAT 7.6)
        int units = set.U8(Stream + 3); // NameLength
        int names = (units + UnitsPerEntry - 1) / UnitsPerEntry;
        if (set.U8(Stream) != StreamType || units == 0 || names > count - 1)
        {
            set.Corrupt(Stream, $"type {set.U8(Stream):x2} with a name of {units} characters in {count} entries is no file's stream");
        }

        Span<char> name = stackalloc char[(ExFatLimits.MaxSecondaries - 1) * UnitsPerEntry];
        for (int i = 2; i <= count; i++)
        {
            byte type = set.U8(i * EntryBytes);
            bool isExpected = i < names + 2 ? type == NameType : (type & BenignBit) != 0;
            if (!isExpected)
            {
                set.Corrupt(i * EntryBytes, $"entry {i} of a file is of type {type:x2}");
            }

            if (i < names + 2)
            {
                MemoryMarshal.Cast<byte, char>(set.Bytes((i * EntryBytes) + 2, UnitsPerEntry * 2)).CopyTo(name[((i - 2) * UnitsPerEntry)..]); // FileName
            }
        }

        ulong length = set.U64(Stream + 24); // DataLength
        ulong valid = set.U64(Stream + 8); // ValidDataLength
        if (valid > length || length > (ulong)volume.ClusterCount * (ulong)volume.ClusterBytes)
        {
            set.Corrupt(Stream + 8, $"{valid} bytes are valid of {length}, on {volume.ClusterCount} clusters of {volume.ClusterBytes}");
        }

        bool ownChain = (set.U8(Stream + 1) & NoFatChain) == 0; // GeneralSecondaryFlags
        return new ExFatFile(number, new string(name[..units]), (FatAttributes)set.U8(4), ownChain, set.U32(Stream + 20), (long)length, (long)valid);
    }

    /// <summary>exFAT 6.3.3: over all bytes of a set but the sum itself.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> set)
    {
        ushort sum = 0;
        for (int i = 0; i < set.Length; i++)
        {
            sum = i is 2 or 3 ? sum : unchecked((ushort)(ushort.RotateRight(sum, 1) + set[i]));
        }

        return sum;
    }

    private byte TypeAt(long at)
    {
        long start = at - (at % _window.Length);
        if (start != _windowStart)
        {
            _windowStart = -1;
            content.Read(start, _window);
            _windowStart = start;
        }

        return _window[at - start];
    }
}
