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
    private readonly BlockSource _config;

    private ConfigOnlyHost(string path, BlockSource config)
    {
        _path = path;
        _config = config;
    }

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="ImageFormatException">It is larger than any configuration.</exception>
    public static ConfigOnlyHost Read(BlockSource config)
    {
        string path = ConfigKind.PlaceOf(config.Name, GuestText.FromBytes(config.ReadExactly(0, (int)Math.Min(config.Length, MaxConfigBytes))));
        return config.Length <= MaxConfigBytes || path.EndsWith(".efi", StringComparison.Ordinal) // of an image only its small sections are read
            ? new ConfigOnlyHost(path, config)
            : throw new ImageFormatException(ImageFault.OverLimit, "boot configuration", config.Name, -1, $"more than {MaxConfigBytes} bytes");
    }

    public IReadOnlyList<IBootVolume> Volumes => [this];

    public string GrubName { get; private init; } = "hd0,msdos1";

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
            return new BootFileStat(IsDirectory: false, _config.Length);
        }

        if (IsParent(clean))
        {
            return new BootFileStat(IsDirectory: true, 0);
        }

        bool named = ReadByConfigurations.Any(suffix => clean.EndsWith(suffix, StringComparison.Ordinal));
        return named ? null : new BootFileStat(IsDirectory: false, 1);
    }

    public byte[]? ReadFile(string path, int maxBytes) => Clean(path) != _path ? null
        : _config.Length <= maxBytes ? _config.ReadExactly(0, (int)_config.Length)
        : throw new ImageFormatException(ImageFault.OverLimit, "boot configuration", path, -1, $"more than {maxBytes} bytes");

    public byte[]? ReadPart(string path, long offset, int count) =>
        Clean(path) == _path ? _config.ReadExactly(Math.Min(offset, _config.Length), (int)Math.Clamp(_config.Length - offset, 0, count)) : null;

    /// <summary>Whatever a disk image may hold.</summary>
    public IReadOnlyList<IBootVolume> OpenAsDisk(DiskContent content, string name) => [new ConfigOnlyHost("", _config) { GrubName = name }];

    public IReadOnlyList<string>? List(string path)
    {
        string prefix = Clean(path).TrimEnd('/') + "/";
        return _path.StartsWith(prefix, StringComparison.Ordinal) ? [_path[prefix.Length..].Split('/')[0]] : null;
    }

    private bool IsParent(string path) => _path.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string Clean(string path) => "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."));
}
