using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>A filesystem's metadata as it is after replay. Holds no copy: what the log replaces is read from there.</summary>
/// <param name="disk">The bytes below, which it does not own.</param>
/// <param name="changes">What is replaced.</param>
/// <param name="inodeSize">Bytes of an inode.</param>
internal sealed class XfsLogOverlay(BlockSource disk, XfsLogChanges changes, int inodeSize) : BlockSource
{
    public override string Name => disk.Name;

    public override long Length => disk.Length;

    public override int SectorSize => disk.SectorSize;

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        // An inode is put together as a whole, so it has to be there as a whole.
        long start = offset - (offset % inodeSize);
        long end = Math.Min((offset + buffer.Length + inodeSize - 1) / inodeSize * inodeSize, Length);
        if (start == offset && end - start == buffer.Length)
        {
            disk.ReadExactly(offset, buffer);
            changes.Apply(offset, buffer);
            return;
        }

        byte[] whole = disk.ReadExactly(start, (int)(end - start));
        changes.Apply(start, whole);
        whole.AsSpan((int)(offset - start), buffer.Length).CopyTo(buffer);
    }
}
