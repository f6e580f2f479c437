using System.Globalization;
using BlockRbd.Ceph.Targets;

namespace BlockRbd.Ceph.Mappings;

/// <summary>Finds who keeps a block device busy, for a person to read.</summary>
internal static class DeviceHolders
{
    private const int MaxShown = 5;

    public static IReadOnlyList<string> Find(HostPaths paths, MappedImage mapped)
    {
        string device = Path.GetFileName(mapped.Device);
        List<string> names = [device, .. HostPaths.Names(paths.Sys, "block", device).Where(name => name.StartsWith(device + "p", StringComparison.Ordinal))];
        IEnumerable<string> all = XenBackends(paths, mapped)
            .Concat(names.SelectMany(name => Stacked(paths, device, name)))
            .Concat(Mounts(paths, device, names))
            .Concat(Loops(paths, names))
            .Concat(Processes(paths, names, mapped));
        return [.. all.Distinct().Take(MaxShown)];
    }

    /// <summary>xen-blkback shows what it has opened, as major:minor in hexadecimal.</summary>
    private static IEnumerable<string> XenBackends(HostPaths paths, MappedImage mapped)
    {
        string number = string.Create(CultureInfo.InvariantCulture, $"{mapped.Major:x}:{mapped.Minor:x}");
        return HostPaths.Names(paths.Sys, "bus", "xen-backend", "devices")
            .Where(backend => HostPaths.ReadLine(paths.Sys, "bus", "xen-backend", "devices", backend, "physical_device") == number)
            .Select(static backend => $"Xen backend {backend}");
    }

    private static IEnumerable<string> Stacked(HostPaths paths, string device, string name) =>
        (name == device ? HostPaths.Names(paths.Sys, "block", name, "holders") : HostPaths.Names(paths.Sys, "block", device, name, "holders"))
            .Select(holder => HostPaths.ReadLine(paths.Sys, "block", holder, "dm", "name") is { } volume ? $"{holder} ({volume})" : holder);

    /// <summary>proc_pid_mountinfo(5): the third field is the device's number, the fifth the mount point.</summary>
    private static IEnumerable<string> Mounts(HostPaths paths, string device, List<string> names)
    {
        HashSet<string?> numbers = [.. names.Select(name =>
            name == device ? HostPaths.ReadLine(paths.Sys, "block", name, "dev") : HostPaths.ReadLine(paths.Sys, "block", device, name, "dev"))];
        foreach (string line in (HostPaths.ReadLine(paths.Proc, "self", "mountinfo") ?? "").Split('\n'))
        {
            string[] fields = line.Split(' ');
            if (fields.Length > 4 && numbers.Contains(fields[2]))
            {
                yield return $"a mount at {fields[4]}";
            }
        }
    }

    private static IEnumerable<string> Loops(HostPaths paths, List<string> names) =>
        HostPaths.Names(paths.Sys, "block")
            .Where(loop => HostPaths.ReadLine(paths.Sys, "block", loop, "loop", "backing_file") is { } file && IsOne(paths, names, file))
            .Select(static loop => $"/dev/{loop}");

    private static IEnumerable<string> Processes(HostPaths paths, List<string> names, MappedImage mapped)
    {
        // The process that serves an nbd device has it open itself.
        string? server = mapped.Type == DeviceType.Nbd ? NbdDevices.ProcessOf(mapped) : null;
        foreach (string pid in HostPaths.Names(paths.Proc).Where(name => name.All(char.IsAsciiDigit) && name != server))
        {
            if (HostPaths.Names(paths.Proc, pid, "fd").Any(fd => LinkTarget(Path.Combine(paths.Proc, pid, "fd", fd)) is { } file && IsOne(paths, names, file)))
            {
                yield return $"process {pid} ({HostPaths.ReadLine(paths.Proc, pid, "comm")})";
            }
        }
    }

    private static bool IsOne(HostPaths paths, List<string> names, string file) => names.Any(name => file == Path.Combine(paths.Dev, name));

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
