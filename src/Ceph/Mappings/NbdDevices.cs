using System.Globalization;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>rbd-nbd's devices: the kernel only knows the process behind each, whose arguments tell the image.</summary>
internal static class NbdDevices
{
    private const int NbdMajor = 43;
    private const int SectorBytes = 512;

    public static IReadOnlyList<MappedImage> List(HostPaths paths) =>
        [.. HostPaths.Names(paths.Sys, "block").Where(static name => name.StartsWith("nbd", StringComparison.Ordinal))
            .Select(name => TryRead(paths, name[3..])).OfType<MappedImage>().OrderBy(static image => image.Number)];

    public static MappedImage? TryRead(HostPaths paths, string name)
    {
        string device = "nbd" + name;
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || HostPaths.ReadLine(paths.Sys, "block", device, "pid") is not { } pid
            || !long.TryParse(HostPaths.ReadLine(paths.Sys, "block", device, "size"), NumberStyles.None, CultureInfo.InvariantCulture, out long sectors)
            || HostPaths.ReadLine(paths.Proc, pid, "cmdline") is not { } arguments || Spec(arguments) is not { } spec)
        {
            return null;
        }

        string? numbers = HostPaths.ReadLine(paths.Sys, "block", device, "dev");
        int at = spec.IndexOf('@', StringComparison.Ordinal);
        string[] parts = (at < 0 ? spec : spec[..at]).Split('/');
        return new MappedImage
        {
            Type = DeviceType.Nbd, Number = number, Device = Path.Combine(paths.Dev, device), Major = NbdMajor,
            Minor = int.TryParse(numbers?.Split(':')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? minor : 0,
            ClusterFsid = null, Incarnation = $"{pid}@{StartTime(paths, pid)}", Pool = parts.Length > 1 ? parts[0] : "rbd",
            Namespace = parts.Length > 2 ? parts[1] : "", Image = parts[^1], ImageId = null, Snapshot = at < 0 ? null : spec[(at + 1)..],
            Size = sectors * SectorBytes, IsReadOnly = HostPaths.ReadLine(paths.Sys, "block", device, "ro") == "1",
        };
    }

    /// <summary>The image among rbd-nbd's arguments: "rbd-nbd map POOL/IMAGE ..." as rbd calls it.</summary>
    private static string? Spec(string arguments)
    {
        string[] words = arguments.Split('\0');
        int map = Array.FindIndex(words, static word => word is "map" or "attach");
        return words[0].EndsWith("rbd-nbd", StringComparison.Ordinal) && map > 0
            ? words.Skip(map + 1).FirstOrDefault(static word => word.Length > 0 && word[0] != '-')
            : null;
    }

    /// <summary>proc(5), /proc/PID/stat field 22: a number that is used again later belongs to a process that started later.</summary>
    private static string StartTime(HostPaths paths, string pid)
    {
        string stat = HostPaths.ReadLine(paths.Proc, pid, "stat") ?? "";
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 ? fields[19] : "";
    }
}
