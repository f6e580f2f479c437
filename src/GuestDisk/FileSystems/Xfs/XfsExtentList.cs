namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>Sorted extent records in one place, an inode's fork or a leaf of its tree; checked when made, decoded as they are asked for.</summary>
internal sealed class XfsExtentList
{
    private readonly XfsSuperblock _superblock;
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _count;
    private readonly ulong _low;
    private readonly ulong _high;

    /// <param name="superblock">The filesystem.</param>
    /// <param name="reader">Over <paramref name="bytes"/>, for complaints.</param>
    /// <param name="bytes">Where the records are.</param>
    /// <param name="start">First record's place in there.</param>
    /// <param name="count">Records; the caller has checked that they are inside.</param>
    /// <param name="low">First file block that they may speak of.</param>
    /// <param name="high">First file block that they may not.</param>
    /// <exception cref="ImageFormatException">A record is empty, out of order, or not inside one allocation group.</exception>
    public XfsExtentList(XfsSuperblock superblock, StructReader reader, byte[] bytes, int start, int count, ulong low, ulong high)
    {
        (_superblock, _bytes, _start, _count, _low, _high) = (superblock, bytes, start, count, low, high);
        ulong next = low;
        for (int i = 0; i < count; i++)
        {
            XfsExtent extent = At(i);
            int at = start + (i * XfsExtent.RecordBytes);
            if (extent.FileBlock < next || extent.End > high)
            {
                reader.Corrupt(at, $"extent {i} of file block {extent.FileBlock} and {extent.BlockCount} blocks is out of order");
            }

            if (!superblock.TryBlockOffset(extent.StartBlock, extent.BlockCount, out _))
            {
                reader.Corrupt(at, $"extent {i} with {extent.BlockCount} blocks from block {extent.StartBlock} is not inside an allocation group");
            }

            next = extent.End;
        }
    }

    /// <summary>Whether this list is the one that speaks of a file block.</summary>
    public bool Covers(ulong fileBlock) => fileBlock >= _low && fileBlock < _high;

    /// <summary>What stands at a file block that this list <see cref="Covers"/>.</summary>
    public XfsMapping Find(ulong fileBlock)
    {
        int first = 0; // the first record that begins behind fileBlock
        int end = _count;
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            if (At(middle).FileBlock <= fileBlock)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        XfsExtent before = first > 0 ? At(first - 1) : default;
        if (first == 0 || before.End <= fileBlock)
        {
            return XfsMapping.Hole(first < _count ? At(first).FileBlock : _high);
        }

        ulong skipped = fileBlock - before.FileBlock;
        _superblock.TryBlockOffset(before.StartBlock + skipped, before.BlockCount - skipped, out long offset); // checked when made
        return new XfsMapping(IsHole: false, before.IsUnwritten, offset, before.End);
    }

    private XfsExtent At(int index) => XfsExtent.Parse(_bytes.AsSpan(_start + (index * XfsExtent.RecordBytes), XfsExtent.RecordBytes));
}
