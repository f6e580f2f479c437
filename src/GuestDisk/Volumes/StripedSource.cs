using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>Chunks on one member after another (RAID 0 with members of one size).</summary>
internal sealed class StripedSource(string name, IReadOnlyList<BlockSource> members, int chunkBytes, long length)
    : ChunkedSource(name, length, chunkBytes, members.Max(member => member.SectorSize))
{
    protected override void ReadInChunk(long chunk, int offset, Span<byte> buffer) =>
        members[(int)(chunk % members.Count)].ReadExactly((chunk / members.Count * ChunkBytes) + offset, buffer);
}
