using System.Globalization;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>A block device of this host and its place on its disk, as sysfs tells.</summary>
/// <param name="Name">"xvda1", "dm-0".</param>
/// <param name="Disk">The whole disk's name: "xvda".</param>
/// <param name="Partition">Number of the partition, from 1; null for a whole disk.</param>
/// <param name="Mapping">What the device mapper or MD makes it of ("lvm/vg-root", "md/md0"): no disk of the guest; else null.</param>
internal sealed record BlockDevice(string Name, string Disk, int? Partition, string? Mapping)
{
    /// <summary>The device of a mount; null where it has none.</summary>
    public static BlockDevice? Of(Mount mount, HostSystem system)
    {
        string byNumber = Path.Combine(system.Sys, "dev", "block", mount.Device);
        string byName = Path.Combine(system.Sys, "class", "block", Path.GetFileName(mount.Source));
        return Directory.Exists(byNumber) ? FromSys(byNumber)
            : mount.Source.StartsWith("/dev/", StringComparison.Ordinal) && Directory.Exists(byName) ? FromSys(byName) // Btrfs: the number is nobody's
            : null;
    }

    /// <summary>Disks of this host that a domain has through blkfront, in the order in which PV-GRUB counts them.</summary>
    public static IReadOnlyList<string> FrontendDisks(HostSystem system) =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(system.Sys, "block")).Select(path => Path.GetFileName(path)!)
            .Where(name => name.StartsWith("xvd", StringComparison.Ordinal))
            .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal), // xvdz, then xvdaa
    ];

    private static BlockDevice FromSys(string link)
    {
        string path = new DirectoryInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link;
        string name = Path.GetFileName(path);
        if (Read(path, "partition") is { } number)
        {
            return new BlockDevice(name, Path.GetFileName(Path.GetDirectoryName(path))!, int.Parse(number, CultureInfo.InvariantCulture), Mapping: null);
        }

        if (Read(path, "dm/uuid") is { } uuid)
        {
            return FromMapper(path, name, uuid);
        }

        bool isRaid = Directory.Exists(Path.Combine(path, "md"));
        return new BlockDevice(name, name, Partition: null, isRaid ? $"md/{name}" : null);
    }

    /// <summary>kpartx makes partitions through the device mapper: "part1-…" on one disk. Anything else there is no plain disk.</summary>
    private static BlockDevice FromMapper(string path, string name, string uuid)
    {
        string slaves = Path.Combine(path, "slaves");
        string[] below = Directory.Exists(slaves) ? [.. Directory.EnumerateFileSystemEntries(slaves).Select(slave => Path.GetFileName(slave)!)] : [];
        int dash = uuid.IndexOf('-', StringComparison.Ordinal);
        if (below is [string disk] && dash > 4 && uuid.StartsWith("part", StringComparison.Ordinal)
            && int.TryParse(uuid[4..dash], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return new BlockDevice(name, disk, number, Mapping: null);
        }

        return new BlockDevice(name, name, Partition: null, $"lvm/{Read(path, "dm/name") ?? name}");
    }

    private static string? Read(string path, string file)
    {
        string whole = Path.Combine(path, file);
        return File.Exists(whole) ? File.ReadAllText(whole).Trim() : null;
    }
}
