using System.Globalization;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>The rbd module's devices: Documentation/ABI/testing/sysfs-bus-rbd.</summary>
internal static class KrbdDevices
{
    public static IReadOnlyList<MappedImage> List(HostPaths paths) =>
        [.. HostPaths.Names(paths.RbdBus, "devices").Select(name => TryRead(paths, name)).OfType<MappedImage>().OrderBy(static image => image.Number)];

    /// <summary>One device; null where it isn't there, or is just going.</summary>
    public static MappedImage? TryRead(HostPaths paths, string name)
    {
        string? Field(string field) => HostPaths.ReadLine(paths.RbdBus, "devices", name, field);
        string device = "rbd" + name;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(Field("major"), NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && long.TryParse(Field("size"), NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            && Field("pool") is { } pool && Field("name") is { } image
                ? new MappedImage
                {
                    Type = DeviceType.Krbd, Number = number, Device = Path.Combine(paths.Dev, device), Major = major,
                    // Before 3.14 each device had a major number of its own.
                    Minor = int.TryParse(Field("minor"), NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? minor : 0,
                    ClusterFsid = Guid.TryParse(Field("cluster_fsid"), out Guid fsid) ? fsid : null,
                    Incarnation = Field("client_id") ?? "", Pool = pool, Namespace = Field("pool_ns") ?? "", Image = image,
                    ImageId = Field("image_id"), Snapshot = Field("current_snap") is { } snapshot and not "-" ? snapshot : null, Size = size,
                    IsReadOnly = HostPaths.ReadLine(paths.Sys, "block", device, "ro") == "1",
                }
                : null;
    }
}
