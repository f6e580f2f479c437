using System.Buffers.Binary;
using System.Text;

namespace BlockRbd.GuestDisk.FileSystems.Fat;

/// <summary>
/// Puts a long name together from the entries that stand before its file's (fatgen103, page 27), the last piece first. Pieces that are out of
/// order, incomplete or of another short name count for nothing: the file then has its short name only, as for Linux and GRUB.
/// </summary>
internal sealed class FatLongName
{
    private const byte LastPiece = 0x40;
    private const int UnitsPerPiece = 13;

    private readonly char[] _units = new char[FatLimits.MaxLongNameSlots * UnitsPerPiece];
    private int _length;
    private int _expected; // the order of the piece that has to come next; 0 where all are there
    private byte _checksum;
    private bool _isOpen;

    /// <summary>Takes a piece.</summary>
    public void Add(FatRecord record)
    {
        ReadOnlySpan<byte> bytes = record.Whole;
        int order = bytes[0] & ~LastPiece; // LDIR_Ord
        if ((bytes[0] & LastPiece) != 0)
        {
            _isOpen = order is > 0 and <= FatLimits.MaxLongNameSlots;
            (_expected, _length, _checksum) = (order, order * UnitsPerPiece, bytes[13]);
        }

        _isOpen &= order == _expected && bytes[13] == _checksum; // LDIR_Chksum
        if (!_isOpen)
        {
            return;
        }

        _expected--;
        Span<char> piece = _units.AsSpan(_expected * UnitsPerPiece, UnitsPerPiece);
        Copy(bytes.Slice(1, 10), piece); // LDIR_Name1
        Copy(bytes.Slice(14, 12), piece[5..]); // LDIR_Name2
        Copy(bytes.Slice(28, 4), piece[11..]); // LDIR_Name3
    }

    /// <summary>The name that belongs to the short one behind it, in UTF-8, or null where there is none. Begins anew.</summary>
    public byte[]? Take(ReadOnlySpan<byte> shortName)
    {
        bool isWhole = _isOpen && _expected == 0 && _checksum == FatShortName.Checksum(shortName);
        _isOpen = false;
        if (!isWhole)
        {
            return null;
        }

        ReadOnlySpan<char> name = _units.AsSpan(0, _length);
        int end = name.IndexOf('\0');
        name = end < 0 ? name : name[..end];
        return name.Length is > 0 and <= FatLimits.MaxLongNameUnits ? Encoding.UTF8.GetBytes(name.ToString()) : null;
    }

    /// <summary>Forgets what was begun.</summary>
    public void Clear() => _isOpen = false;

    private static void Copy(ReadOnlySpan<byte> from, Span<char> to)
    {
        for (int i = 0; i < from.Length / 2; i++)
        {
            to[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(from[(2 * i)..]);
        }
    }
}
