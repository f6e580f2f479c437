using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>Bytes that are spread over members in chunks; a subclass says where a chunk is.</summary>
internal abstract class ChunkedSource(string name, long length, int chunkBytes, int sectorSize) : BlockSource
{
    public override string Name => name;

    public override long Length => length;

    public override int SectorSize => sectorSize;

    protected int ChunkBytes => chunkBytes;

    protected override void ReadCore(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int inChunk = (int)(offset % chunkBytes);
            int count = Math.Min(buffer.Length, chunkBytes - inChunk);
            ReadInChunk(offset / chunkBytes, inChunk, buffer[..count]);
            offset += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Fills the buffer from inside one chunk.</summary>
    protected abstract void ReadInChunk(long chunk, int offset, Span<byte> buffer);
}
