namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>A piece of an item: a region of it, or what a region goes on with in the next record.</summary>
/// <param name="Position">Its bytes.</param>
/// <param name="Length">How many.</param>
/// <param name="Continues">Whether it goes on with the region before.</param>
internal readonly record struct XfsLogPiece(XfsLogPosition Position, int Length, bool Continues);

/// <summary>An item of a transaction: what is logged of a buffer, an inode, an intent.</summary>
/// <param name="FirstPiece">Its first piece, which says what it is.</param>
/// <param name="Type">XFS_LI_...</param>
/// <param name="Regions">Of how many regions it is said to be.</param>
internal readonly record struct XfsLogItem(int FirstPiece, XfsLogItemType Type, ushort Regions);

/// <summary>A transaction as far as it was read. It counts when its commit record is there.</summary>
internal sealed class XfsLogTransaction(ulong lsn)
{
    /// <summary>LSN of the record that it began in.</summary>
    public ulong Lsn => lsn;

    public List<XfsLogPiece> Pieces { get; } = [];

    public List<XfsLogItem> Items { get; } = [];

    /// <summary>Bytes of its header (xfs_trans_header) that were seen: items follow it.</summary>
    public int HeaderBytes { get; set; }

    /// <summary>Regions of the last item that were seen.</summary>
    public int LastRegions { get; set; }
}
