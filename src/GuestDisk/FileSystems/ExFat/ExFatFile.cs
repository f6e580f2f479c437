using BlockRbd.GuestDisk.FileSystems.Fat;

namespace BlockRbd.GuestDisk.FileSystems.ExFat;

/// <summary>What a directory says of one of its files.</summary>
/// <param name="Number">Where its first entry stands, and whether its directory has a chain: see <see cref="NumberOf"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attributes">FileAttributes.</param>
/// <param name="HasChain">Whether its clusters are a chain in the table; else they lie side by side (NoFatChain).</param>
/// <param name="FirstCluster">Its first cluster; anything where it is empty.</param>
/// <param name="Length">DataLength.</param>
/// <param name="ValidLength">ValidDataLength: behind it are zeros.</param>
internal sealed record ExFatFile(ulong Number, string Name, FatAttributes Attributes, bool HasChain, uint FirstCluster, long Length, long ValidLength)
{
    /// <summary>
    /// The number for the outside of what has its first entry at a byte of the disk. The entries behind it may be in another cluster, and where that is
    /// depends on whether the directory has a chain: the lowest bit.
    /// </summary>
    public static ulong NumberOf(long offset, bool directoryHasChain) => ((ulong)offset / ExFatDirectory.EntryBytes * 2) + (directoryHasChain ? 1u : 0);
}
