using System.Buffers.Binary;

namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>One extent record (xfs_bmbt_rec): blocks of a file that stand together on the disk.</summary>
/// <param name="FileBlock">br_startoff, 54 bits.</param>
/// <param name="StartBlock">br_startblock, 52 bits.</param>
/// <param name="BlockCount">br_blockcount, 21 bits.</param>
/// <param name="IsUnwritten">br_state: allocated but never written, reads as zeros.</param>
internal readonly record struct XfsExtent(ulong FileBlock, ulong StartBlock, ulong BlockCount, bool IsUnwritten)
{
    /// <summary>Bytes of a record.</summary>
    public const int RecordBytes = 16;

    /// <summary>First file block behind it.</summary>
    public ulong End => FileBlock + BlockCount;

    /// <summary>Takes a record apart: bit 127 the state, then 54, 52 and 21 bits.</summary>
    public static XfsExtent Parse(ReadOnlySpan<byte> record)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(record);
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(record[sizeof(ulong)..]);
        return new XfsExtent(
            FileBlock: (high & (ulong)long.MaxValue) >> 9,
            StartBlock: ((high & 0x1FF) << 43) | (low >> 21),
            BlockCount: low & 0x1FFFFF,
            IsUnwritten: high >> 63 != 0);
    }
}

/// <summary>What stands at a file block: an extent's rest, or a hole up to at least <see cref="End"/>.</summary>
/// <param name="IsHole">Nothing is allocated.</param>
/// <param name="IsUnwritten">Allocated, reads as zeros.</param>
/// <param name="Offset">Where the asked-for block stands in the source, in bytes; 0 for a hole.</param>
/// <param name="End">First file block that this says nothing of.</param>
internal readonly record struct XfsMapping(bool IsHole, bool IsUnwritten, long Offset, ulong End)
{
    public static XfsMapping Hole(ulong end) => new(IsHole: true, IsUnwritten: false, Offset: 0, end);
}
