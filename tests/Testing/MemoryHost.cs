using BlockRbd.BootConfig;
using BlockRbd.BootConfig.Syslinux;
using BlockRbd.GuestDisk;

namespace BlockRbd.Testing;

/// <summary>A guest in a dictionary.</summary>
public sealed class MemoryHost : IBootHost
{
    private readonly List<MemoryVolume> _volumes = [];

    public IReadOnlyList<IBootVolume> Volumes => _volumes;

    /// <summary>Adds a volume, in GRUB's order.</summary>
    public MemoryVolume Add(string grubName, string label = "", string uuid = "", string? unreadable = null, bool isActive = false, string type = "")
    {
        MemoryVolume volume = new(grubName) { Label = label, Uuid = uuid, Unreadable = unreadable, IsActive = isActive, PartitionType = type };
        _volumes.Add(volume);
        return volume;
    }

    /// <summary>A guest with one partition, hd0,msdos1, and these files on it.</summary>
    public static MemoryHost With(params (string Path, string Text)[] files)
    {
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0,msdos1");
        foreach ((string path, string text) in files)
        {
            volume.Files[path] = GuestText.ToBytes(text);
        }

        return host;
    }
}

/// <summary>A volume in a dictionary: directories are what their files' paths imply.</summary>
public sealed class MemoryVolume(string grubName) : IBootVolume
{
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Paths that can't be read: reading throws what a damaged filesystem throws.</summary>
    public HashSet<string> Damaged { get; } = [];

    public string GrubName { get; } = grubName;

    public string FileSystem { get; init; } = "ext2";

    public string Label { get; init; } = "";

    public string Uuid { get; init; } = "";

    public string PartitionUuid { get; init; } = "";

    public string PartitionType { get; init; } = "";

    public string? Unreadable { get; init; }

    public bool IsActive { get; init; }

    public MemoryVolume File(string path, string text = "")
    {
        Files[path] = GuestText.ToBytes(text);
        return this;
    }

    public BootFileStat? Stat(string path)
    {
        string clean = SyslinuxPaths.Clean(path);
        Check(clean);
        return Files.TryGetValue(clean, out byte[]? bytes) ? new BootFileStat(false, bytes.Length)
            : List(path) is null ? null : new BootFileStat(true, 0);
    }

    public byte[]? ReadFile(string path, int maxBytes)
    {
        string clean = SyslinuxPaths.Clean(path);
        Check(clean);
        if (!Files.TryGetValue(clean, out byte[]? bytes))
        {
            return null;
        }

        return bytes.Length <= maxBytes
            ? bytes
            : throw new ImageFormatException(ImageFault.OverLimit, path, GrubName, -1, $"holds more than {maxBytes} bytes");
    }

    public IReadOnlyList<string>? List(string path)
    {
        string prefix = SyslinuxPaths.Clean(path).TrimEnd('/') + "/";
        List<string> names = [];
        foreach (string file in Files.Keys)
        {
            if (file.StartsWith(prefix, StringComparison.Ordinal))
            {
                string name = file[prefix.Length..].Split('/')[0];
                if (!names.Contains(name))
                {
                    names.Add(name);
                }
            }
        }

        return names.Count > 0 || prefix == "/" ? names : null;
    }

    private void Check(string path)
    {
        if (Damaged.Contains(path))
        {
            throw new ImageFormatException(ImageFault.Corrupt, path, GrubName, -1, "damaged for the test");
        }
    }
}
