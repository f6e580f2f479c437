using System.Globalization;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>rbd-nbd's devices: the kernel only knows the process behind each, whose arguments tell the image.</summary>
internal static class NbdDevices
{
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
            || HostPaths.ReadLine(paths.Sys, "block", device, "dev")?.Split(':') is not [string first, string second]
            || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            || Spec(paths, pid) is not { } spec)
        {
            return null;
        }

        int at = spec.IndexOf('@', StringComparison.Ordinal);
        string[] parts = (at < 0 ? spec : spec[..at]).Split('/');
        return new MappedImage
        {
            Type = DeviceType.Nbd, Number = number, Device = Path.Combine(paths.Dev, device),
            Major = major, Minor = minor, ClusterFsid = null, Incarnation = $"{pid}@{StartTime(paths, pid)}", Pool = parts.Length > 1 ? parts[0] : "rbd",
            Namespace = parts.Length > 2 ? parts[1] : "", Image = parts[^1], ImageId = null, Snapshot = at < 0 ? null : spec[(at + 1)..],
            Size = sectors * SectorBytes, IsReadOnly = HostPaths.ReadLine(paths.Sys, "block", device, "ro") == "1",
        };
    }

    /// <summary>The number of the process behind a device.</summary>
    public static string ProcessOf(MappedImage mapped) => mapped.Incarnation.Split('@')[0];

    /// <summary>
    /// Whether an rbd-nbd serves this image that has no device yet. The kernel shows a device's process only once that waits for requests
    /// (drivers/block/nbd.c, NBD_DO_IT), and it begins to after `rbd device map` has ended (rbd-nbd.cc, run_server).
    /// </summary>
    public static bool IsOneComing(HostPaths paths, string image)
    {
        HashSet<string?> pids = [.. HostPaths.Names(paths.Sys, "block").Where(static name => name.StartsWith("nbd", StringComparison.Ordinal))
            .Select(name => HostPaths.ReadLine(paths.Sys, "block", name, "pid"))];
        return HostPaths.Names(paths.Proc).Any(pid => char.IsAsciiDigit(pid[0]) && !pids.Contains(pid) && Spec(paths, pid) == image);
    }

    /// <summary>
    /// The image among the arguments of an rbd-nbd: as rbd calls it, what tells the cluster, "map", POOL/IMAGE, options. A user may be called
    /// "map" too, so of several the one that an image follows.
    /// </summary>
    private static string? Spec(HostPaths paths, string pid)
    {
        string[] words = HostPaths.ReadLine(paths.Proc, pid, "cmdline")?.Split('\0') ?? [""];
        if (Path.GetFileName(words[0]) != "rbd-nbd")
        {
            return null;
        }

        string[] images = [.. Enumerable.Range(1, words.Length - 1).Where(i => words[i] is "map" or "attach")
            .Select(i => words.Skip(i + 1).FirstOrDefault(static word => word is not ("" or ['-' or '/', ..]))).OfType<string>()];
        return images.FirstOrDefault(static word => word.Contains('/', StringComparison.Ordinal)) ?? images.LastOrDefault();
    }

    /// <summary>proc(5), /proc/PID/stat field 22: a number that is used again later belongs to a process that started later.</summary>
    private static string StartTime(HostPaths paths, string pid)
    {
        string stat = HostPaths.ReadLine(paths.Proc, pid, "stat") ?? "";
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 ? fields[19] : "";
    }
}
