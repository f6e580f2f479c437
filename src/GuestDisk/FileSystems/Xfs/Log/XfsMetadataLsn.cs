namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>When a block of version 5 was written last, by its own word (xlog_recover_get_buf_lsn).</summary>
internal static class XfsMetadataLsn
{
    private const int NeededBytes = 512;
    private const int IndexMagicOffset = 8;

    /// <summary>Kinds of block by their first four bytes.</summary>
    private static readonly Dictionary<uint, XfsSelfDescription> Kinds = new()
    {
        [0x41423342] = XfsSelfDescription.GroupTree, // "AB3B"
        [0x41423343] = XfsSelfDescription.GroupTree, // "AB3C"
        [0x49414233] = XfsSelfDescription.GroupTree, // "IAB3"
        [0x46494233] = XfsSelfDescription.GroupTree, // "FIB3"
        [0x524D4233] = XfsSelfDescription.GroupTree, // "RMB3"
        [0x52334643] = XfsSelfDescription.GroupTree, // "R3FC"
        [0x424D4133] = XfsSelfDescription.ExtentTree, // "BMA3"
        [0x4D415052] = XfsSelfDescription.ExtentTree, // "MAPR"
        [0x52434E54] = XfsSelfDescription.ExtentTree, // "RCNT"
        [0x58444233] = XfsSelfDescription.DirectoryData, // "XDB3"
        [0x58444433] = XfsSelfDescription.DirectoryData, // "XDD3"
        [0x58444633] = XfsSelfDescription.DirectoryData, // "XDF3"
        [0x58534C4D] = XfsSelfDescription.Symlink, // "XSLM"
    };

    /// <summary>Its LSN; null where it has none, or is another filesystem's: then it is older than whatever is logged.</summary>
    public static ulong? Of(XfsMetadataCache disk, long offset, int length, XfsSuperblock superblock)
    {
        byte[] bytes = disk.Read(offset, Math.Min(length, NeededBytes));
        StructReader block = new("XFS metadata block", disk.SourceName, offset, bytes);
        ulong lsn;
        if (Kinds.TryGetValue(block.U32BigEndian(0), out XfsSelfDescription kind) || IsIndex(block.U16BigEndian(IndexMagicOffset), out kind))
        {
            if (!block.Bytes(kind.Uuid, superblock.MetaUuid.Length).SequenceEqual(superblock.MetaUuid))
            {
                return null;
            }

            lsn = block.U64BigEndian(kind.Lsn);
        }
        else if (block.U32BigEndian(0) == XfsSuperblock.Magic)
        {
            lsn = block.U64BigEndian(XfsSuperblock.LsnOffset);
        }
        else
        {
            return null;
        }

        return lsn is 0 or ulong.MaxValue ? null : lsn;
    }

    private static bool IsIndex(ushort magic, out XfsSelfDescription kind)
    {
        kind = XfsSelfDescription.DirectoryIndex;
        return magic is 0x3DF1 or 0x3DFF or 0x3EBE or 0x3BEE; // leaf with one block of free space, leaf, node; leaf of attributes
    }
}
