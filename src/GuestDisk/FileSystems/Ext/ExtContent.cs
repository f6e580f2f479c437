namespace BlockRbd.GuestDisk.FileSystems.Ext;

/// <summary>An inode's bytes, wherever they are: in blocks, or in the inode itself.</summary>
internal sealed class ExtContent
{
    private readonly ExtVolume _volume;
    private readonly ExtInode _inode;
    private readonly BlockMap? _map;

    public ExtContent(ExtVolume volume, ExtInode inode)
    {
        _volume = volume;
        _inode = inode;
        _map = inode.Has(ExtInodeFlags.InlineData) ? null : BlockMap.Of(volume, inode);
    }

    /// <summary>Fills the buffer from byte <paramref name="offset"/>; less only at the end of the file.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int length = (int)Math.Min(buffer.Length, Math.Max(0, _inode.Size - offset));
        buffer = buffer[..length];
        if (_map is null)
        {
            CopyInline(offset, buffer);
        }
        else
        {
            ReadBlocks(_map, offset, buffer);
        }

        return length;
    }

    private void CopyInline(long offset, Span<byte> buffer)
    {
        // Behind what is stored Linux reads zeros, as behind a hole.
        buffer.Clear();
        CopyPart(_inode.Body, 0, offset, buffer);
        CopyPart(_inode.InlineTail, ExtInode.BodySize, offset, buffer);
    }

    private static void CopyPart(ReadOnlySpan<byte> part, long partStart, long offset, Span<byte> buffer)
    {
        long first = Math.Max(offset, partStart);
        long end = Math.Min(offset + buffer.Length, partStart + part.Length);
        if (first < end)
        {
            part[(int)(first - partStart)..(int)(end - partStart)].CopyTo(buffer[(int)(first - offset)..]);
        }
    }

    private void ReadBlocks(BlockMap map, long offset, Span<byte> buffer)
    {
        int done = 0;
        int pendingLength = 0; // the last bytes before `done`, which lie side by side from pendingStart and are still to be read
        long pendingStart = 0;
        while (done < buffer.Length)
        {
            long logical = (offset + done) / _volume.BlockSize;
            int inBlock = (int)((offset + done) % _volume.BlockSize);
            BlockRun run = map.Find(logical);
            int left = buffer.Length - done;
            long wanted = (((long)left + inBlock) / _volume.BlockSize) + 1; // no less than the blocks that are left
            int length = (int)Math.Min(left, (Math.Min(run.Count, wanted) * _volume.BlockSize) - inBlock);
            long start = (run.Physical * _volume.BlockSize) + inBlock;
            if (pendingLength > 0 && (run.IsZeros || start != pendingStart + pendingLength))
            {
                _volume.Source.ReadExactly(pendingStart, buffer.Slice(done - pendingLength, pendingLength));
                pendingLength = 0;
            }

            if (run.IsZeros)
            {
                buffer.Slice(done, length).Clear();
            }
            else
            {
                pendingStart = pendingLength == 0 ? start : pendingStart;
                pendingLength += length;
            }

            done += length;
        }

        if (pendingLength > 0)
        {
            _volume.Source.ReadExactly(pendingStart, buffer.Slice(done - pendingLength, pendingLength));
        }
    }
}
