using BlockRbd.GuestDisk.FileSystems.Packed;
using BlockRbd.Unpacking;

namespace BlockRbd.GuestDisk.FileSystems.Btrfs;

/// <summary>Compressed extents, unpacked: at most 128 KiB each, and as much before unpacking. Those that follow are unpacked ahead where there are threads for it.</summary>
internal sealed class BtrfsPackedExtents(BtrfsDataReader data, int sectorSize) : PackedPieces
{
    /// <summary>Bit of <see cref="PackedPiece.Form"/>, beside the compression: the file has no checksums.</summary>
    private const int IsWithoutChecksums = 1 << 8;

    private (BtrfsExtent Extent, BtrfsInode Inode) _asked;
    private (BtrfsItem? Item, byte[] Bytes) _inline = (null, []);

    /// <summary>A whole extent, unpacked: valid until the next call.</summary>
    /// <exception cref="ImageFormatException">It can't be read, or does not hold what it says.</exception>
    public ReadOnlySpan<byte> Of(BtrfsExtent extent, BtrfsInode inode)
    {
        _asked = (extent, inode);
        return extent.Kind == BtrfsExtentKind.Inline ? Inline(extent) : Get(Piece(extent, inode));
    }

    /// <summary>Begins to unpack one that will be asked for soon.</summary>
    /// <returns>Whether more may be begun.</returns>
    public bool Ahead(BtrfsExtent extent, BtrfsInode inode, long bytesAhead) => Ahead(Piece(extent, inode), bytesAhead);

    protected override void ReadPacked(PackedPiece piece, Span<byte> packed) => data.Read((ulong)piece.Start, packed, (piece.Form & IsWithoutChecksums) == 0);

    protected override int Unpack(PackedPiece piece, ReadOnlySpan<byte> packed, Span<byte> unpacked)
    {
        BtrfsUnpacking.Unpack((BtrfsCompression)(byte)piece.Form, packed, unpacked, sectorSize);
        return unpacked.Length;
    }

    protected override ImageFormatException Bad(PackedPiece piece, string problem) => Bad(problem);

    private static PackedPiece Piece(BtrfsExtent extent, BtrfsInode inode) => new(
        (long)extent.Address, (int)extent.DiskBytes, (int)extent.UnpackedBytes, (int)extent.Compression | (inode.IsWithoutChecksums ? IsWithoutChecksums : 0));

    private byte[] Inline(BtrfsExtent extent)
    {
        if (!ReferenceEquals(_inline.Item, extent.Item))
        {
            byte[] bytes = new byte[(int)extent.UnpackedBytes];
            try
            {
                BtrfsUnpacking.Unpack(extent.Compression, extent.Item.Data.Span[BtrfsExtent.InlineStart..], bytes, sectorSize);
            }
            catch (UnpackException e)
            {
                throw Bad(e.Message);
            }

            _inline = (extent.Item, bytes);
        }

        return _inline.Bytes;
    }

    private ImageFormatException Bad(string problem)
    {
        (BtrfsExtent extent, BtrfsInode inode) = _asked;
        return new ImageFormatException(
            ImageFault.Corrupt, BtrfsExtent.StructureName, extent.Item.Source, extent.Item.Offset,
            $"inode {inode.Number}: {extent.Compression.ToString().ToLowerInvariant()} data at byte {extent.Start} of the file: {problem}");
    }
}
