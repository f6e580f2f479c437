namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>File Flags (ECMA-119 9.1.6).</summary>
[Flags]
internal enum IsoFlags : byte
{
    None = 0,
    Directory = 0x02,

    /// <summary>Another file's resource fork or the like: under the same name, and never it.</summary>
    Associated = 0x04,

    /// <summary>The next record has another section of the same file.</summary>
    MultiExtent = 0x80,
}

/// <summary>A run of bytes of a file: a File Section.</summary>
/// <param name="Start">First byte in the source.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct IsoSection(long Start, long Length);

/// <summary>A directory record (ECMA-119 9.1), checked: its name and its System Use area lie inside it.</summary>
internal readonly ref struct IsoRecord
{
    public const string StructureName = "ISO 9660 directory record";

    /// <summary>Bytes up to the identifier, of which there is one byte at least.</summary>
    public const int MinBytes = FixedBytes + 1;

    /// <summary>LEN-DR is a byte.</summary>
    public const int MaxBytes = 255;

    private const int FixedBytes = 33;

    private readonly StructReader _record;
    private readonly long _offset;

    private IsoRecord(StructReader record, long offset)
    {
        _record = record;
        _offset = offset;
    }

    /// <summary>Reads the record at the begin of some bytes, which is not one of length 0.</summary>
    /// <param name="sourceName">The source's name.</param>
    /// <param name="offset">Where the bytes stand in it.</param>
    /// <param name="bytes">What is there of the directory from here: a record, and perhaps more.</param>
    /// <exception cref="ImageFormatException">The record is shorter than its fields, longer than the rest of its directory, or its name is longer than it.</exception>
    public static IsoRecord Read(string sourceName, long offset, ReadOnlySpan<byte> bytes)
    {
        StructReader all = new(StructureName, sourceName, offset, bytes);
        int length = all.U8(0); // LEN-DR
        if (length < MinBytes || length > bytes.Length)
        {
            all.Corrupt(0, $"has {length} bytes; {MinBytes} is the least, and its directory has {bytes.Length} more");
        }

        StructReader record = all.Inner(StructureName, 0, length);
        int nameLength = record.U8(32); // LEN-FI
        if (nameLength == 0 || FixedBytes + nameLength > length)
        {
            record.Corrupt(32, $"a name of {nameLength} bytes in a record of {length}");
        }

        return new IsoRecord(record, offset);
    }

    public int Length => _record.Length;

    public IsoFlags Flags => (IsoFlags)_record.U8(25);

    public ReadOnlySpan<byte> Identifier => _record.Bytes(FixedBytes, _record.U8(32));

    /// <summary>The directory itself and its parent (ECMA-119 6.8.2.2).</summary>
    public bool IsDotOrDotDot => Identifier is [0 or 1];

    /// <summary>File Unit Size or Interleave Gap Size: the file is recorded in pieces between others (ECMA-119 6.4.3).</summary>
    public bool IsInterleaved => _record.U8(26) != 0 || _record.U8(27) != 0;

    /// <summary>The section that the record describes: it follows an extended attribute record, if it has one (ECMA-119 9.1.2, 6.4.1).</summary>
    public IsoSection Section(int blockBytes) => new(((long)_record.U32(2) + _record.U8(1)) * blockBytes, _record.U32(10));

    /// <summary>System Use (ECMA-119 9.1.13), after the padding that makes the name's end even; empty where the record ends before.</summary>
    public (long Offset, byte[] Bytes) SystemUse(int skip)
    {
        int start = FixedBytes + Identifier.Length;
        start = Math.Min(start + (start & 1) + skip, Length);
        return (_offset + start, _record.Bytes(start, Length - start).ToArray());
    }
}
