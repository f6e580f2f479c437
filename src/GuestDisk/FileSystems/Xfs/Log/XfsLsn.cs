namespace BlockRbd.GuestDisk.FileSystems.Xfs.Log;

/// <summary>A log sequence number's halves: the round of the ring, above the basic block in it (CYCLE_LSN, BLOCK_LSN).</summary>
internal static class XfsLsn
{
    public static uint Cycle(ulong lsn) => (uint)(lsn >> 32);

    public static uint Block(ulong lsn) => (uint)(lsn & uint.MaxValue);
}
