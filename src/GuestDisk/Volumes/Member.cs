using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>A disk, partition or assembled volume that may be a part of others.</summary>
/// <param name="Name">GRUB's name of it.</param>
/// <param name="Source">Its bytes.</param>
internal sealed record Member(string Name, BlockSource Source);
