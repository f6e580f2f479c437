using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>A volume that is put together from parts of others: a logical volume, an array.</summary>
/// <param name="GrubName">GRUB's name without brackets: "lvm/vg-root", "md/boot".</param>
/// <param name="OtherNames">Its other names for GRUB: "lvmid/VG-UUID/LV-UUID", "md0".</param>
/// <param name="About">What it is and where it lies, for people.</param>
/// <param name="Source">Its bytes; null where they can't be had.</param>
/// <param name="Failure">Why not.</param>
internal sealed record AssembledVolume(string GrubName, IReadOnlyList<string> OtherNames, string About, BlockSource? Source, ImageFormatException? Failure)
{
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
