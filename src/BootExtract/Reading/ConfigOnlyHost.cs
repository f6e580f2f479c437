using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.Sources;

namespace BlockRbd.BootExtract.Reading;

/// <summary>
/// A guest of one volume that holds the given configuration where its format is looked for, and otherwise whatever an entry names: which
/// kernels exist is not the question here.
/// </summary>
internal sealed class ConfigOnlyHost : IBootHost, IBootVolume
{
    private const int MaxConfigBytes = 16 << 20;

    // A configuration that asks whether these exist wants to read them, and there is nothing to be read.
    private static readonly string[] ReadByConfigurations = [".cfg", ".conf", ".lst", "grubenv", ".mod", ".pf2", ".txt", ".png"];

    private readonly string _path;
    private readonly byte[] _content;

    private ConfigOnlyHost(string path, byte[] content)
    {
        _path = path;
        _content = content;
    }

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="ImageFormatException">It is larger than any configuration.</exception>
    public static ConfigOnlyHost Read(BlockSource config)
    {
        if (config.Length > MaxConfigBytes)
        {
            throw new ImageFormatException(ImageFault.OverLimit, "boot configuration", config.Name, -1, $"more than {MaxConfigBytes} bytes");
        }

        byte[] content = config.ReadExactly(0, (int)config.Length);
        return new ConfigOnlyHost(PathFor(config.Name, GuestText.FromBytes(content)), content);
    }

    public IReadOnlyList<IBootVolume> Volumes => [this];

    public string GrubName => "hd0,msdos1";

    public string FileSystem => "ext2";

    public string Label => "";

    public string Uuid => "";

    public string PartitionUuid => "";

    public string? Unreadable => null;

    public bool IsActive => true;

    public BootFileStat? Stat(string path)
    {
        string clean = Clean(path);
        if (clean == _path)
        {
            return new BootFileStat(IsDirectory: false, _content.Length);
        }

        if (IsParent(clean))
        {
            return new BootFileStat(IsDirectory: true, 0);
        }

        bool named = clean.StartsWith("/loader", StringComparison.Ordinal) || clean.StartsWith("/boot/loader", StringComparison.Ordinal)
            || clean.StartsWith("/EFI", StringComparison.Ordinal) || clean.StartsWith("/efi", StringComparison.Ordinal)
            || ReadByConfigurations.Any(suffix => clean.EndsWith(suffix, StringComparison.Ordinal));
        return named ? null : new BootFileStat(IsDirectory: false, 1);
    }

    public byte[]? ReadFile(string path, int maxBytes) => Clean(path) != _path ? null
        : _content.Length <= maxBytes ? _content
        : throw new ImageFormatException(ImageFault.OverLimit, "boot configuration", path, -1, $"more than {maxBytes} bytes");

    public IReadOnlyList<string>? List(string path)
    {
        string prefix = Clean(path).TrimEnd('/') + "/";
        return _path.StartsWith(prefix, StringComparison.Ordinal) ? [_path[prefix.Length..].Split('/')[0]] : null;
    }

    /// <summary>Where the loader of this format looks. The name tells; where it does not, the words that only one of the formats has.</summary>
    private static string PathFor(string name, string content)
    {
        string file = Path.GetFileName(name);
        HashSet<string> words = [.. content.Split('\n').Select(line => line.Split([' ', '\t', '=', '\r'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("\0"))];
        bool grub2 = words.Overlaps(["menuentry", "submenu", "insmod", "search", "set", "function"]);
        bool legacy = words.Contains("title") && !grub2 && words.Overlaps(["kernel", "root", "rootnoverify", "chainloader", "configfile"]);
        return file is "menu.lst" or "grub.conf" || legacy ? "/boot/grub/menu.lst"
            : words.Contains("title") && !grub2 && words.Overlaps(["linux", "efi", "uki"]) ? "/loader/entries/entry.conf"
            : "/boot/grub/grub.cfg";
    }

    private bool IsParent(string path) => _path.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string Clean(string path) => "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));
}
