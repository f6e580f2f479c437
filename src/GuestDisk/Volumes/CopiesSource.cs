using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>How RAID 10 places its copies. Linux md.4: "near", "far" and "offset".</summary>
/// <param name="Near">Copies of a chunk side by side.</param>
/// <param name="Far">Copies of the whole, each moved on by <paramref name="Near"/> members.</param>
/// <param name="FarStride">Bytes on a member from one far copy to the next.</param>
internal sealed record CopyLayout(int Near, int Far, long FarStride);

/// <summary>RAID 10 (Linux drivers/md/raid10.c, __raid10_find_phys).</summary>
/// <param name="name">Its name for messages.</param>
/// <param name="members">Its members in their order, null where one is missing; of each chunk one copy is there.</param>
/// <param name="chunkBytes">Bytes of a chunk.</param>
/// <param name="layout">Where the copies are.</param>
/// <param name="length">Bytes of the whole.</param>
internal sealed class CopiesSource(string name, IReadOnlyList<BlockSource?> members, int chunkBytes, CopyLayout layout, long length)
    : ChunkedSource(name, length, chunkBytes, members.Max(member => member?.SectorSize ?? 0))
{
    /// <summary>Whether each chunk has a copy on a member that is there.</summary>
    public static bool IsWhole(IReadOnlyList<BlockSource?> members, CopyLayout layout)
    {
        // The pattern repeats after as many chunks as there are members.
        for (int chunk = 0; chunk < members.Count; chunk++)
        {
            int slot = chunk * layout.Near % members.Count;
            bool any = false;
            for (int copy = 0; copy < layout.Near * layout.Far; copy++)
            {
                any |= members[Member(slot, copy, members.Count, layout)] is not null;
            }

            if (!any)
            {
                return false;
            }
        }

        return true;
    }

    protected override void ReadInChunk(long chunk, int offset, Span<byte> buffer)
    {
        long position = chunk * layout.Near;
        int slot = (int)(position % members.Count);
        long row = position / members.Count;
        bool isOffset = layout.FarStride == ChunkBytes;
        for (int copy = 0; copy < layout.Near * layout.Far; copy++)
        {
            (int near, int far) = (copy % layout.Near, copy / layout.Near);
            long wrapped = (slot + near) / members.Count; // a near copy may go on in the next row
            long start = ((row + wrapped) * ChunkBytes * (isOffset ? layout.Far : 1)) + (far * layout.FarStride);
            if (members[Member(slot, copy, members.Count, layout)] is { } member)
            {
                member.ReadExactly(start + offset, buffer);
                return;
            }
        }

        throw new ImageFormatException(ImageFault.Truncated, "RAID 10", Name, -1, $"no copy of chunk {chunk} is there");
    }

    private static int Member(int slot, int copy, int count, CopyLayout layout) =>
        (slot + (copy % layout.Near) + (copy / layout.Near * layout.Near)) % count;
}
