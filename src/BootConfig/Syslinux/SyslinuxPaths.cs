using BlockRbd.BootConfig.GrubLegacy;

namespace BlockRbd.BootConfig.Syslinux;

/// <summary>Files as SYSLINUX configurations name them.</summary>
internal static class SyslinuxPaths
{
    /// <summary>
    /// The file of a name: relative to the configuration's directory, or absolute; "::" in front means the volume's root, and
    /// "(hd0,2)/path" another partition, counted from 1. "." and ".." are resolved here, never above the root.
    /// </summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="folder">The directory.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="BootConfigException">The guest has no such partition.</exception>
    public static BootFile Resolve(IBootHost host, BootFile folder, string name)
    {
        IBootVolume volume = folder.Volume;
        string path = name;
        if (LegacyDevice.TrySplit(name, out string? device, out string rest) && device is not null)
        {
            volume = Volume(host, device)
                ?? throw new BootConfigException($"{GuestText.Display(name)}: the guest has no such partition");
            path = "/" + rest;
        }
        else if (name.StartsWith("::", StringComparison.Ordinal))
        {
            path = "/" + name[2..];
        }

        if (volume.FileSystem == "fat")
        {
            path = path.Replace('\\', '/'); // vfat_mangle_name
        }

        return new BootFile(volume, Clean(path is ['/', ..] ? path : $"{folder.Path}/{path}"));
    }

    /// <summary>A path without empty parts, "." and "..".</summary>
    public static string Clean(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    private static IBootVolume? Volume(IBootHost host, string device)
    {
        string[] parts = device.Split(',');
        return host.Volumes.FirstOrDefault(volume => parts is [string disk, string number]
            ? volume.GrubName == $"{disk},msdos{number}" || volume.GrubName == $"{disk},gpt{number}" || volume.GrubName == device
            : volume.GrubName == device);
    }
}
