namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>A file's bytes: extent by extent, holes as zeros, a compressed extent unpacked once and kept while it is read.</summary>
internal sealed class BtrfsFileReader(BtrfsTree tree, BtrfsDataReader data, BtrfsInode inode, BtrfsUnpacked unpacked)
{
    /// <summary>Fills the buffer; the caller has cut it at the file's end.</summary>
    /// <exception cref="ImageFormatException">The file is corrupt.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
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
            unpacked.Of(extent, inode).AsSpan((int)(extent.Offset + inExtent), piece.Length).CopyTo(piece);
        }
    }
}

/// <summary>The compressed extent that was unpacked last. One at a time: at most 128 KiB, and as much before unpacking.</summary>
internal sealed class BtrfsUnpacked(BtrfsDataReader data, int sectorSize)
{
    private BtrfsItem? _item;
    private (ulong Address, long Bytes, BtrfsCompression Kind) _at;
    private byte[] _bytes = [];

    /// <summary>The whole extent, unpacked.</summary>
    /// <exception cref="ImageFormatException">It can't be read, or does not hold what it says.</exception>
    public byte[] Of(BtrfsExtent extent, BtrfsInode inode)
    {
        bool isInline = extent.Kind == BtrfsExtentKind.Inline;
        if (isInline ? ReferenceEquals(_item, extent.Item) : _item is null && _at == (extent.Address, extent.UnpackedBytes, extent.Compression))
        {
            return _bytes;
        }

        ReadOnlyMemory<byte> packed = isInline ? extent.Item.Data[BtrfsExtent.InlineStart..] : ReadPacked(extent, inode);
        (_item, _at) = (null, default);
        byte[] bytes = new byte[(int)extent.UnpackedBytes];
        if (BtrfsUnpacking.Unpack(extent.Compression, packed, bytes, sectorSize) is { } problem)
        {
            throw new ImageFormatException(
                ImageFault.Corrupt, BtrfsExtent.StructureName, extent.Item.Source, extent.Item.Offset, $"inode {inode.Number}: {extent.Compression.ToString().ToLowerInvariant()} data at byte {extent.Start} of the file: {problem}");
        }

        (_item, _at, _bytes) = (isInline ? extent.Item : null, (extent.Address, extent.UnpackedBytes, extent.Compression), bytes);
        return bytes;
    }

    private byte[] ReadPacked(BtrfsExtent extent, BtrfsInode inode)
    {
        byte[] packed = new byte[(int)extent.DiskBytes];
        data.Read(extent.Address, packed, !inode.IsWithoutChecksums);
        return packed;
    }
}
