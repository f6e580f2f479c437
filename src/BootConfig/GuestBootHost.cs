using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig;

/// <summary>A guest's real disks as a boot configuration sees them.</summary>
public sealed class GuestBootHost : IBootHost
{
    /// <summary>Makes the host of opened disks.</summary>
    public GuestBootHost(GuestDiskSet disks) => Volumes = [.. disks.Volumes.Select(volume => new GuestBootVolume(volume))];

    /// <summary>The volumes, in the order of <see cref="GuestDiskSet.Volumes"/>, which is GRUB's.</summary>
    public IReadOnlyList<GuestBootVolume> Volumes { get; }

    /// <inheritdoc/>
    IReadOnlyList<IBootVolume> IBootHost.Volumes => Volumes;
}
