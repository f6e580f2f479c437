namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>A symbolic link's target: in the inode, or in blocks of its own, which carry a header for each extent in version 5.</summary>
internal static class XfsSymlink
{
    private const string BlockName = "XFS symbolic link block";
    private const uint Magic = 0x58534C4D; // "XSLM"
    private const int HeaderBytes = 56;    // xfs_dsymlink_hdr

    /// <exception cref="ImageFormatException">The target is corrupt.</exception>
    public static byte[] Read(XfsVolume volume, XfsInodeCore inode)
    {
        int size = (int)inode.Size; // at most MaxSymlinkBytes
        byte[] target = inode.Format == XfsForkFormat.Local
            ? inode.ForkReader("XFS inline symbolic link", volume.SourceName).Bytes(0, size).ToArray()
            : ReadBlocks(volume, inode, size);
        return target.Contains((byte)0) ? throw Bad(volume, inode, "symbolic link with a zero byte") : target;
    }

    private static byte[] ReadBlocks(XfsVolume volume, XfsInodeCore inode, int size)
    {
        XfsExtentMap map = new(volume, inode);
        XfsSuperblock sb = volume.Superblock;
        int header = sb.IsV5 ? HeaderBytes : 0;
        int blocks = (size + sb.BlockSize - header - 1) / (sb.BlockSize - header); // xfs_symlink_blocks: as if each had a header
        byte[] target = new byte[size];
        int done = 0;
        for (int block = 0; block < blocks && done < size;)
        {
            XfsMapping mapping = map.Find((ulong)block);
            if (mapping.IsHole || mapping.IsUnwritten)
            {
                throw Bad(volume, inode, $"block {block} of its symbolic link is missing");
            }

            int run = (int)Math.Min(mapping.End - (ulong)block, (ulong)(blocks - block));
            byte[] bytes = volume.ReadMetadata(mapping.Offset, run << sb.BlockLog);
            int length = Math.Min(size - done, bytes.Length - header);
            StructReader reader = new(BlockName, volume.SourceName, mapping.Offset, bytes);
            if (sb.IsV5)
            {
                CheckHeader(reader, bytes, new XfsPlace(mapping.Offset, volume.IsReplayed(mapping.Offset, bytes.Length)), done, length, inode.Number, sb);
            }

            reader.Bytes(header, length).CopyTo(target.AsSpan(done));
            done += length;
            block += run;
        }

        return done == size ? target : throw Bad(volume, inode, $"symbolic link with {done} of {size} bytes");
    }

    private static ImageFormatException Bad(XfsVolume volume, XfsInodeCore inode, string problem) =>
        new(ImageFault.Corrupt, XfsInodeCore.StructureName, volume.SourceName, inode.Offset, $"inode {inode.Number}: {problem}");

    private static void CheckHeader(StructReader block, byte[] bytes, XfsPlace place, int done, int length, ulong owner, XfsSuperblock sb)
    {
        if (block.U32BigEndian(0) != Magic)
        {
            block.Corrupt(0, $"inode {owner}: magic is 0x{block.U32BigEndian(0):x8}, not 0x{Magic:x8}");
        }

        XfsSelfDescription.Symlink.Check(block, bytes, place, owner, sb);
        if (block.U32BigEndian(4) != done || block.U32BigEndian(8) != length) // sl_offset, sl_bytes
        {
            block.Corrupt(4, $"inode {owner}: {block.U32BigEndian(8)} bytes at {block.U32BigEndian(4)} where {length} at {done} are due");
        }
    }
}
