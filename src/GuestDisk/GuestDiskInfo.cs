using BlockRbd.GuestDisk.Partitions;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk;

/// <summary>One disk of a guest.</summary>
/// <param name="Index">From 0, in the order in which the guest has them.</param>
/// <param name="Source">Its bytes.</param>
/// <param name="Table">Its partition table; null where it has none, or none that can be used.</param>
/// <param name="TableFailure">What is wrong with a table that is there; else null.</param>
public sealed record GuestDiskInfo(int Index, BlockSource Source, PartitionTable? Table, IOException? TableFailure);
