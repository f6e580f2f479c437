namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A file's bytes: extent by extent, holes as zeros, a compressed extent unpacked once and kept while it is read.</summary>
internal sealed class BtrfsFileReader(BtrfsTree tree, BtrfsDataReader data, BtrfsInode inode, BtrfsPackedExtents packed)
{
    private long _next; // byte behind the last one that was read
    private long _ahead; // byte behind the last one whose extent is being unpacked ahead

    /// <summary>Fills the buffer; the caller has cut it at the file's end.</summary>
    /// <exception cref="ImageFormatException">The file is corrupt.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        bool goesOn = offset == _next;
        _next = offset + buffer.Length;
        while (!buffer.IsEmpty)
        {
            BtrfsExtent? extent = Find(offset, out long end);
            Span<byte> piece = buffer[..(int)Math.Min(buffer.Length, end - offset)];
            if (extent is null || extent.IsZeros)
            {
                piece.Clear();
            }
            else
            {
                if (extent.Compression != BtrfsCompression.None && (goesOn || piece.Length < buffer.Length))
                {
                    Ahead(extent);
                }

                Read(extent, offset - extent.Start, piece);
            }

            offset += piece.Length;
            buffer = buffer[piece.Length..];
        }
    }

    /// <summary>The extent around a byte, or null for a hole (no item is one, too, with no_holes).</summary>
    /// <param name="offset">The byte.</param>
    /// <param name="end">Where the extent or the hole ends.</param>
    private BtrfsExtent? Find(long offset, out long end)
    {
        BtrfsKey key = new(inode.Number, BtrfsItemType.ExtentData, (ulong)offset);
        if (tree.LastUpTo(key) is { } item && item.Key.ObjectId == key.ObjectId && item.Key.Type == key.Type)
        {
            BtrfsExtent extent = BtrfsExtent.Read(item);
            if (offset < extent.End)
            {
                end = extent.End;
                return extent;
            }
        }

        BtrfsItem? next = tree.Of(inode.Number, BtrfsItemType.ExtentData, (ulong)offset + 1).FirstOrDefault();
        end = (long)Math.Min(next?.Key.Offset ?? long.MaxValue, long.MaxValue);
        return null;
    }

    private void Read(BtrfsExtent extent, long inExtent, Span<byte> piece)
    {
        if (extent.Kind == BtrfsExtentKind.Inline && extent.Compression == BtrfsCompression.None)
        {
            extent.Item.Data.Span.Slice(BtrfsExtent.InlineStart + (int)inExtent, piece.Length).CopyTo(piece);
        }
        else if (extent.Compression == BtrfsCompression.None)
        {
            data.Read(extent.Address + (ulong)(extent.Offset + inExtent), piece, !inode.IsWithoutChecksums);
        }
        else
        {
            packed.Of(extent, inode).Slice((int)(extent.Offset + inExtent), piece.Length).CopyTo(piece);
        }
    }

    /// <summary>Has the extents that follow one unpacked by other threads, up to the first that isn't compressed.</summary>
    private void Ahead(BtrfsExtent extent)
    {
        _ahead = Math.Max(_ahead, extent.End);
        foreach (BtrfsItem item in tree.Of(inode.Number, BtrfsItemType.ExtentData, (ulong)_ahead))
        {
            BtrfsExtent next;
            try
            {
                next = BtrfsExtent.Read(item);
            }
            catch (ImageFormatException)
            {
                return; // it is said when the extent is asked for, if it ever is
            }

            if (next.Start != _ahead || next.Compression == BtrfsCompression.None || next.IsZeros || next.Kind == BtrfsExtentKind.Inline
                || !packed.Ahead(next, inode, _ahead - extent.End))
            {
                return;
            }

            _ahead = next.End;
        }
    }
}
