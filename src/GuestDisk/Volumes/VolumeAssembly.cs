using System.Globalization;
using BlockRbd.GuestDisk.Volumes.Lvm;

namespace BlockRbd.GuestDisk.Volumes;

/// <summary>Puts arrays and logical volumes together, on disks, on partitions and on each other.</summary>
internal static class VolumeAssembly
{
    /// <summary>Layers that are looked through: LVM on RAID on partitions is two.</summary>
    private const int MaxLayers = 4;

    /// <summary>Everything that is put together of what lies on the disks and partitions, each with its own partitions behind it.</summary>
    public static List<GuestVolume> Of(IReadOnlyList<GuestVolume> volumes)
    {
        List<GuestVolume> assembled = [];
        for (int layer = 0; layer < MaxLayers; layer++)
        {
            // From the beginning each time: a group may have some of its volumes on disks and some on what was put together only now.
            List<Member> members = Members([.. volumes, .. assembled]);
            List<GuestVolume> next = [.. LvmVolumes.Assemble(members).SelectMany(GuestDiskSet.OpenAssembled)];
            bool mayGrow = next.Count > assembled.Count;
            assembled = next;
            if (!mayGrow)
            {
                break;
            }
        }

        return assembled;
    }

    private static List<Member> Members(List<GuestVolume> volumes)
    {
        List<Member> members = [];
        foreach (GuestVolume volume in volumes)
        {
            if (volume.Source is { } source)
            {
                string disk = volume.Assembled ?? string.Create(CultureInfo.InvariantCulture, $"hd{volume.DiskIndex}");
                members.Add(new Member(volume.Partition is { } partition ? $"{disk},{partition.GrubName}" : disk, source));
            }
        }

        return members;
    }
}
