using BlockRbd.BootConfig;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>The guest's own /etc/fstab: what it calls the filesystem at a mount point.</summary>
internal sealed class FsTab
{
    private const int MaxBytes = 1 << 20;

    private readonly Dictionary<string, string> _specs = [];

    private FsTab()
    {
    }

    /// <summary>Reads it; an empty one where the guest has none that can be read.</summary>
    public static FsTab Read(DirectoryVolume root)
    {
        FsTab table = new();
        string text = GuestText.FromBytes(root.ReadFileOrNull("/etc/fstab", MaxBytes) ?? []);
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 2 && fields[0] is not ['#', ..])
            {
                table._specs.TryAdd(fields[1].Length > 1 ? fields[1].TrimEnd('/') : fields[1], fields[0]);
            }
        }

        return table;
    }

    /// <summary>The value of "UUID=…", "LABEL=…" or "PARTUUID=…"; empty where the line has another word or there is none.</summary>
    public string Tag(string point, string tag) =>
        _specs.TryGetValue(point, out string? spec) && spec.StartsWith(tag + "=", StringComparison.OrdinalIgnoreCase) ? spec[(tag.Length + 1)..].Trim('"') : "";

    /// <summary>The name below /dev, "xvda1"; null where the line has none.</summary>
    public string? DeviceName(string point) =>
        _specs.TryGetValue(point, out string? spec) && spec.StartsWith("/dev/", StringComparison.Ordinal) ? spec["/dev/".Length..] : null;
}
