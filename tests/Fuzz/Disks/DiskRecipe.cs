using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.Fuzz.Disks;

/// <summary>How a target's bases are made.</summary>
/// <param name="Use">What this reads of the disks is what a base holds.</param>
/// <param name="Images">One for each base: GROUP/NAME of fixtures/images, several disks joined by "+"; or "sfdisk: SCRIPT", its lines separated by "|".</param>
internal sealed record DiskRecipe(Action<IReadOnlyList<BlockSource>> Use, IReadOnlyList<string> Images);
