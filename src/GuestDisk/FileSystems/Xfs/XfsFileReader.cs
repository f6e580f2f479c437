namespace BlockRbd.GuestDisk.FileSystems.Xfs;

/// <summary>Copies a file's bytes out: what stands together on the disk comes with one read, across extents, up to the whole buffer.</summary>
internal static class XfsFileReader
{
    /// <summary>Fills the buffer; the caller has cut it at the file's end, so <paramref name="offset"/> plus its length is no more than a size.</summary>
    public static void Read(XfsVolume volume, XfsExtentMap map, long offset, Span<byte> buffer)
    {
        int blockLog = volume.Superblock.BlockLog;
        int pendingStart = 0; // buffer[pendingStart..done] is to be read from runOffset
        int done = 0;
        long runOffset = 0;
        while (done < buffer.Length)
        {
            long at = offset + done;
            ulong block = (ulong)at >> blockLog;
            XfsMapping mapping = map.Find(block);
            int inBlock = (int)(at & ((1L << blockLog) - 1));
            int length = PieceLength(mapping.End - block, blockLog, inBlock, buffer.Length - done);
            bool isZeros = mapping.IsHole || mapping.IsUnwritten;
            long start = mapping.Offset + inBlock;
            if (isZeros || start != runOffset + (done - pendingStart))
            {
                Flush(volume, runOffset, buffer[pendingStart..done]);
                pendingStart = done;
                runOffset = start;
            }

            if (isZeros)
            {
                buffer.Slice(done, length).Clear();
                pendingStart = done + length;
                runOffset = long.MinValue / 2; // nothing continues a hole
            }

            done += length;
        }

        Flush(volume, runOffset, buffer[pendingStart..]);
    }

    private static int PieceLength(ulong blocks, int blockLog, int inBlock, int wanted)
    {
        // A hole may be longer than any offset: compared in blocks before it becomes bytes.
        ulong needed = ((ulong)(uint)(wanted + (long)inBlock) >> blockLog) + 1;
        return blocks >= needed ? wanted : (int)Math.Min(wanted, ((long)blocks << blockLog) - inBlock);
    }

    private static void Flush(XfsVolume volume, long offset, Span<byte> buffer)
    {
        if (!buffer.IsEmpty)
        {
            volume.ReadData(offset, buffer);
        }
    }
}
