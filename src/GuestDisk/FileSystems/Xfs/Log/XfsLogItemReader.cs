namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>One item of a transaction at a time, as regions of whole bytes.</summary>
internal sealed class XfsLogItemReader(XfsLogBytes bytes, string sourceName)
{
    private readonly List<(int Piece, int Length)> _regions = [];
    private XfsLogTransaction? _transaction;
    private int _end;
    private byte[] _format = [];

    public XfsLogItemType Type { get; private set; }

    /// <summary>Number of regions, the first one included.</summary>
    public int Regions => _regions.Count;

    /// <summary>The first region, which says what the others are: xfs_buf_log_format and the like. Fields are in the byte order of the machine, little-endian.</summary>
    public StructReader Format => new(StructureName, sourceName, bytes.SourceOffset(_transaction!.Pieces[_regions[0].Piece].Position), _format);

    private string StructureName => Type switch
    {
        XfsLogItemType.Buffer => "XFS buffer log item",
        XfsLogItemType.Inode => "XFS inode log item",
        XfsLogItemType.InodeCreate => "XFS inode create log item",
        _ => "XFS log item",
    };

    /// <summary>Goes to an item.</summary>
    /// <exception cref="ImageFormatException">What it says of itself is longer than any item's.</exception>
    public void Load(XfsLogTransaction transaction, int index)
    {
        _transaction = transaction;
        Type = transaction.Items[index].Type;
        _end = index + 1 < transaction.Items.Count ? transaction.Items[index + 1].FirstPiece : transaction.Pieces.Count;
        _regions.Clear();
        for (int piece = transaction.Items[index].FirstPiece; piece < _end; piece++)
        {
            if (!transaction.Pieces[piece].Continues)
            {
                _regions.Add((piece, 0));
            }

            (int first, int length) = _regions[^1];
            _regions[^1] = (first, (int)Math.Min(length + (long)transaction.Pieces[piece].Length, int.MaxValue));
        }

        // Attributes' intents have no end; what is needed of them is at the begin.
        _format = new byte[Math.Min(_regions[0].Length, XfsLimits.MaxLogFormatBytes)];
        Read(0, 0, _format);
    }

    public int Length(int region) => _regions[region].Length;

    /// <summary>Copies bytes of a region; the caller has compared with its length.</summary>
    public void Read(int region, int offset, Span<byte> buffer)
    {
        for (int piece = _regions[region].Piece; !buffer.IsEmpty; piece++)
        {
            XfsLogPiece at = _transaction!.Pieces[piece];
            if (offset < at.Length)
            {
                int length = Math.Min(buffer.Length, at.Length - offset);
                bytes.Read(at.Position.Plus(offset), buffer[..length]);
                buffer = buffer[length..];
                offset += length;
            }

            offset -= at.Length;
        }
    }

    /// <summary>Where bytes of a region are, to be read later; the caller has compared with its length.</summary>
    /// <exception cref="ImageFormatException">They are in more than one record, as too many others are.</exception>
    public XfsLogPosition Position(int region, int offset, int length)
    {
        int inPiece = offset;
        int piece = _regions[region].Piece;
        while (inPiece >= _transaction!.Pieces[piece].Length)
        {
            inPiece -= _transaction.Pieces[piece++].Length;
        }

        if (length <= _transaction.Pieces[piece].Length - inPiece)
        {
            return _transaction.Pieces[piece].Position.Plus(inPiece);
        }

        byte[] together = new byte[length];
        Read(region, offset, together);
        return bytes.Keep(together);
    }
}
