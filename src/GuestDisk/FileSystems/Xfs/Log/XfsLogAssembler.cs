using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>
/// Puts transactions together of what records hold: a header for each operation, whose region may go on in the next record; those of several
/// transactions between each other (xlog_recover_process_data and what it calls).
/// </summary>
/// <param name="device">The log.</param>
/// <param name="commit">Takes a transaction that is complete.</param>
internal sealed class XfsLogAssembler(XfsLogDevice device, Action<XfsLogTransaction> commit)
{
    private const string StructureName = "XFS log operation";
    private const int HeaderBytes = 12; // xlog_op_header
    private const byte TransactionClient = 0x69; // XFS_TRANSACTION
    private const byte LogClient = 0xAA;         // XFS_LOG
    private const uint TransactionMagic = 0x5452414E; // XFS_TRANS_HEADER_MAGIC
    private const int TransactionHeaderBytes = 16;    // xfs_trans_header
    private const int MaxRegions = 257; // XLOG_MAX_REGIONS_IN_ITEM

    private readonly Dictionary<uint, XfsLogTransaction> _open = [];
    private int _pieces;

    [Flags]
    private enum Operation : byte
    {
        Start = 0x01,        // XLOG_START_TRANS
        Commit = 0x02,       // XLOG_COMMIT_TRANS
        Continue = 0x04,     // XLOG_CONTINUE_TRANS
        WasContinued = 0x08, // XLOG_WAS_CONT_TRANS
        End = 0x10,          // XLOG_END_TRANS
        Unmount = 0x20,      // XLOG_UNMOUNT_TRANS
    }

    /// <summary>Takes a record's body, unpacked.</summary>
    /// <exception cref="ImageFormatException">It makes no sense.</exception>
    public void Add(XfsLogRecord record, ReadOnlySpan<byte> body)
    {
        uint operations = record.Operations;
        for (int at = 0; at < body.Length && operations > 0; operations--)
        {
            XfsLogPosition position = XfsLogPosition.InLog(
                ((long)record.Block + record.HeaderBlocks << XfsLogDevice.BlockLog) + at, record.HeaderBlocks + (at >> XfsLogDevice.BlockLog));
            StructReader header = new(StructureName, device.SourceName, SourceOffset(position), body[at..]);
            header = header.Inner(StructureName, 0, HeaderBytes);
            byte client = header.U8(8);
            if (client is not (TransactionClient or LogClient))
            {
                header.Corrupt(8, $"client 0x{client:x2}");
            }

            uint length = header.U32BigEndian(4);
            if (length > body.Length - at - HeaderBytes)
            {
                header.Corrupt(4, $"{length} bytes where {body.Length - at - HeaderBytes} are left");
            }

            Add(record, header, position.Plus(HeaderBytes), body.Slice(at + HeaderBytes, (int)length));
            at += HeaderBytes + (int)length;
        }
    }

    private long SourceOffset(XfsLogPosition position) =>
        device.Position((uint)((position.Offset >> XfsLogDevice.BlockLog) % device.Blocks)) + (position.Offset % XfsLogDevice.BlockBytes);

    private void Add(XfsLogRecord record, StructReader header, XfsLogPosition position, ReadOnlySpan<byte> region)
    {
        uint id = header.U32BigEndian(0);
        Operation flags = (Operation)header.U8(9);
        if (!_open.TryGetValue(id, out XfsLogTransaction? transaction))
        {
            // Anything else without a begin is the rest of a transaction from before the tail, or the mark of an unmount.
            if (flags.HasFlag(Operation.Start))
            {
                Begin(header, id, record.Lsn);
            }

            return;
        }

        flags &= ~Operation.End;
        if (flags.HasFlag(Operation.WasContinued))
        {
            flags &= ~Operation.Continue;
        }

        switch (flags)
        {
            case 0 or Operation.Continue:
                AddRegion(header, transaction, position, region);
                break;
            case Operation.WasContinued:
                AddToRegion(header, transaction, position, region);
                break;
            case Operation.Commit:
                Close(id, transaction);
                CheckComplete(header, transaction);
                commit(transaction);
                break;
            case Operation.Unmount:
                Close(id, transaction);
                break;
            default:
                header.Corrupt(9, $"flags 0x{(byte)flags:x2} in transaction 0x{id:x8}");
                break;
        }
    }

    private void Begin(StructReader header, uint id, ulong lsn)
    {
        if (_open.Count >= XfsLimits.MaxLogTransactions)
        {
            header.OverLimit(0, $"more than {XfsLimits.MaxLogTransactions} transactions at one time");
        }

        _open.Add(id, new XfsLogTransaction(lsn));
    }

    private void Close(uint id, XfsLogTransaction transaction)
    {
        _open.Remove(id);
        _pieces -= transaction.Pieces.Count;
    }

    private void AddRegion(StructReader header, XfsLogTransaction transaction, XfsLogPosition position, ReadOnlySpan<byte> region)
    {
        if (region.IsEmpty)
        {
            return;
        }

        if (transaction.HeaderBytes < TransactionHeaderBytes)
        {
            if (transaction.HeaderBytes > 0 || region.Length is < sizeof(uint) or > TransactionHeaderBytes
                || BinaryPrimitives.ReadUInt32LittleEndian(region) != TransactionMagic)
            {
                header.Corrupt(0, $"transaction 0x{header.U32BigEndian(0):x8} begins with {region.Length} bytes that are no transaction's header");
            }

            transaction.HeaderBytes = region.Length;
            return;
        }

        if (transaction.Items.Count == 0 || transaction.LastRegions == transaction.Items[^1].Regions)
        {
            BeginItem(header, transaction, region);
        }

        transaction.LastRegions++;
        AddPiece(header, transaction, new XfsLogPiece(position, region.Length, Continues: false));
    }

    /// <summary>The first four bytes of an item's first region are its type and of how many regions it is, whatever it is.</summary>
    private static void BeginItem(StructReader header, XfsLogTransaction transaction, ReadOnlySpan<byte> region)
    {
        if (region.Length < sizeof(uint))
        {
            header.Corrupt(4, $"a log item begins with {region.Length} bytes");
        }

        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(region);
        ushort regions = BinaryPrimitives.ReadUInt16LittleEndian(region[sizeof(ushort)..]);
        if (!Enum.IsDefined((XfsLogItemType)type))
        {
            header.Unsupported(0, $"log item of type 0x{type:x4}, unknown here");
        }

        if (regions is 0 or > MaxRegions)
        {
            header.Corrupt(0, $"log item of type 0x{type:x4} with {regions} regions");
        }

        transaction.Items.Add(new XfsLogItem(transaction.Pieces.Count, (XfsLogItemType)type, regions));
        transaction.LastRegions = 0;
    }

    private void AddToRegion(StructReader header, XfsLogTransaction transaction, XfsLogPosition position, ReadOnlySpan<byte> region)
    {
        if (transaction.HeaderBytes < TransactionHeaderBytes)
        {
            transaction.HeaderBytes += region.Length;
            if (transaction.HeaderBytes != TransactionHeaderBytes)
            {
                header.Corrupt(4, $"transaction 0x{header.U32BigEndian(0):x8} has a header of {transaction.HeaderBytes} bytes");
            }

            return;
        }

        if (transaction.Pieces.Count == 0)
        {
            header.Corrupt(9, $"transaction 0x{header.U32BigEndian(0):x8} goes on with a region that was not begun");
        }

        if (!region.IsEmpty)
        {
            AddPiece(header, transaction, new XfsLogPiece(position, region.Length, Continues: true));
        }
    }

    private void AddPiece(StructReader header, XfsLogTransaction transaction, XfsLogPiece piece)
    {
        if (++_pieces > XfsLimits.MaxLogPieces)
        {
            header.OverLimit(0, $"transactions of more than {XfsLimits.MaxLogPieces} pieces at one time");
        }

        transaction.Pieces.Add(piece);
    }

    private static void CheckComplete(StructReader header, XfsLogTransaction transaction)
    {
        if (transaction.Items.Count > 0 && transaction.LastRegions != transaction.Items[^1].Regions)
        {
            header.Corrupt(9, $"commits transaction 0x{header.U32BigEndian(0):x8}, whose last item has {transaction.LastRegions} of {transaction.Items[^1].Regions} regions");
        }
    }
}
