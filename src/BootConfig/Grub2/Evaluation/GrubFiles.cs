using System.Globalization;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>What GRUB calls devices and files, looked up among the guest's volumes.</summary>
internal static class GrubFiles
{
    /// <summary>
    /// The volume of a device name without brackets: as the host names it (an assembled one under any of its names), with a bare partition number ("hd0,1"),
    /// or under the names that other platforms give the same disk ("xen/xvda,msdos1", "sdb,1").
    /// </summary>
    public static IBootVolume? FindVolume(IBootHost host, string name)
    {
        foreach (IBootVolume volume in host.Volumes)
        {
            if (volume.GrubName == name || volume.OtherNames.Contains(name))
            {
                return volume;
            }
        }

        int comma = name.IndexOf(',', StringComparison.Ordinal);
        string disk = comma < 0 ? name : name[..comma];
        string partition = comma < 0 ? "" : name[(comma + 1)..];
        string grubDisk = DiskNumber(disk) is { } number ? string.Create(CultureInfo.InvariantCulture, $"hd{number}") : disk;
        foreach (IBootVolume volume in host.Volumes)
        {
            if (IsPartition(volume.GrubName, grubDisk, partition))
            {
                return volume;
            }
        }

        return null;
    }

    /// <summary>Cuts "(device)/path" into its two parts; the device is null where there is none.</summary>
    public static (string? Device, string Path) Split(string name)
    {
        if (name is not ['(', ..])
        {
            return (null, name);
        }

        int close = name.IndexOf(')', StringComparison.Ordinal);
        return close < 0 ? (null, name) : (name[1..close], name[(close + 1)..]);
    }

    /// <summary>0 for "hd0", "xen/xvda", "xvda", "sda", "hda", "vda".</summary>
    private static int? DiskNumber(string disk)
    {
        string name = disk.StartsWith("xen/", StringComparison.Ordinal) ? disk[4..] : disk;
        if (name.StartsWith("hd", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        foreach (string prefix in (ReadOnlySpan<string>)["xvd", "sd", "hd", "vd"])
        {
            if (name.Length == prefix.Length + 1 && name.StartsWith(prefix, StringComparison.Ordinal) && char.IsAsciiLetterLower(name[^1]))
            {
                return name[^1] - 'a';
            }
        }

        return null;
    }

    private static bool IsPartition(string volume, string disk, string partition)
    {
        if (!volume.StartsWith(disk, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = volume.AsSpan(disk.Length);
        if (partition.Length == 0 || rest is not [',', .. ReadOnlySpan<char> own])
        {
            return partition.Length == 0 && rest.IsEmpty;
        }

        // A bare number is good for every kind of partition table.
        string[] asked = partition.Split(',');
        string[] names = own.ToString().Split(',');
        return asked.Length == names.Length && asked.Zip(names).All(pair => IsSame(pair.First, pair.Second));
    }

    private static bool IsSame(string asked, string name) => asked == name
        || (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && int.TryParse(name.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz"), NumberStyles.None, CultureInfo.InvariantCulture, out int owned)
            && owned == number);
}
