using System.Text;

namespace BlockRbd.GuestDisk.FileSystems.Iso9660;

/// <summary>
/// The entries of a System Use area (SUSP 4), and of its continuation areas. Each entry lies inside its area, each area inside a sector, and their number has a ceiling.
/// </summary>
internal ref struct SuspReader(IsoVolume volume, long offset, ReadOnlySpan<byte> area)
{
    private const string StructureName = "SUSP entry";
    private const int HeaderBytes = 4;

    private ReadOnlySpan<byte> _area = area;
    private long _offset = offset;
    private (uint Block, uint Offset, uint Length)? _next;
    private int _continuations;

    /// <summary>The entry's two letters; valid after <see cref="MoveNext"/>.</summary>
    public string Signature { get; private set; } = "";

    /// <summary>The entry, its header included; valid after <see cref="MoveNext"/>.</summary>
    public StructReader Entry { get; private set; }

    /// <summary>The next entry that isn't one of SUSP's own for padding, continuing and ending.</summary>
    /// <exception cref="ImageFormatException">An entry or a continuation area doesn't fit where it is, or they don't end.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            if (IsAtEnd())
            {
                if (!Continue())
                {
                    return false;
                }

                continue;
            }

            int length = _area[2]; // LEN
            StructReader entry = new(StructureName, volume.Source.Name, _offset, _area);
            if (length < HeaderBytes || length > _area.Length)
            {
                entry.Corrupt(2, $"has {length} bytes; {HeaderBytes} is the least, and {_area.Length} are left in its area");
            }

            Signature = Encoding.Latin1.GetString(_area[..2]);
            Entry = entry.Inner($"SUSP entry {GuestPath.Display(_area[..2])}", 0, length);
            _area = _area[length..];
            _offset += length;
            switch (Signature)
            {
                case "CE": // SUSP 5.1: where the area goes on once it is at its end
                    if (_next is not null)
                    {
                        Entry.Corrupt(0, "a second continuation of one area");
                    }

                    _next = (Entry.U32(4), Entry.U32(12), Entry.U32(20));
                    break;
                case "PD": // SUSP 5.2: padding
                    break;
                case "ST": // SUSP 5.4: the end of this area
                    _area = [];
                    break;
                default:
                    return true;
            }
        }
    }

    // SUSP 4: up to three bytes may be left. Writers also fill up with zeros.
    private readonly bool IsAtEnd() => _area.Length < HeaderBytes || _area[..3] is [0, 0, 0];

    private bool Continue()
    {
        if (_next is not { } next)
        {
            return false;
        }

        StructReader entry = new("SUSP continuation", volume.Source.Name, _offset, []);
        if (++_continuations > IsoLimits.MaxContinuations)
        {
            entry.OverLimit(0, $"more than {IsoLimits.MaxContinuations} of one directory record: they run in a circle");
        }

        if (next.Offset > IsoLimits.MaxContinuationBytes || next.Length > IsoLimits.MaxContinuationBytes - next.Offset)
        {
            entry.Corrupt(0, $"{next.Length} bytes from byte {next.Offset} of block {next.Block}; it lies in one sector");
        }

        _next = null;
        _offset = ((long)next.Block * volume.BlockBytes) + next.Offset;
        _area = volume.ReadContinuation(_offset, (int)next.Length);
        return true;
    }
}
