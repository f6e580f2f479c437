using System.Globalization;

namespace BlockRbd.Ceph.Targets;

/// <summary>What may stand behind an image's name in a target, and as a default in the configuration. Null: not said.</summary>
public sealed record TargetOptions
{
    /// <summary>The longest <see cref="Timeout"/>.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The user without "client.".</summary>
    public string? Id { get; init; }

    /// <summary>Absolute path of the cluster's ceph.conf.</summary>
    public string? Conf { get; init; }

    /// <summary>The cluster's name, which is part of the default paths of its configuration and keyrings.</summary>
    public string? Cluster { get; init; }

    /// <summary>Absolute path of the keyring.</summary>
    public string? Keyring { get; init; }

    /// <summary>Checked options for <c>rbd device map --options</c>, comma-separated.</summary>
    public string? MapOptions { get; init; }

    /// <summary>Who makes the block device.</summary>
    public DeviceType? DeviceType { get; init; }

    /// <summary>Narrows xl's own access, or adds "!".</summary>
    public AccessMode? Access { get; init; }

    /// <summary>Where the image comes from when it doesn't exist yet.</summary>
    public CloneSource? CloneFrom { get; init; }

    /// <summary>Deadline for the whole attach or detach.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Settings of the Ceph client that only QEMU's spelling can carry (mon_host and the like), as name and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ClientSettings { get; init; } = [];

    /// <summary>Names of all options that are spelled name=value.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        ["id", "conf", "cluster", "keyring", "map-options", "device-type", "access", "clone-from", "timeout"];

    /// <summary>These, and the defaults' where these say nothing.</summary>
    public TargetOptions Over(TargetOptions defaults) => new()
    {
        Id = Id ?? defaults.Id,
        Conf = Conf ?? defaults.Conf,
        Cluster = Cluster ?? defaults.Cluster,
        Keyring = Keyring ?? defaults.Keyring,
        MapOptions = MapOptions ?? defaults.MapOptions,
        DeviceType = DeviceType ?? defaults.DeviceType,
        Access = Access ?? defaults.Access,
        CloneFrom = CloneFrom ?? defaults.CloneFrom,
        Timeout = Timeout ?? defaults.Timeout,
        ClientSettings = ClientSettings.Count > 0 ? ClientSettings : defaults.ClientSettings,
    };

    /// <summary>These with one more.</summary>
    /// <exception cref="RbdTargetException">The problem alone, for the caller to say where it stands.</exception>
    internal TargetOptions With(string name, string value)
    {
        if (value.Length == 0)
        {
            throw new RbdTargetException($"{name}= has no value");
        }

        return name switch
        {
            "id" => Once(name, Id) with { Id = Checked(value, IdProblem(value)) },
            "conf" => Once(name, Conf) with { Conf = Checked(value, TargetText.PathProblem(value)) },
            "cluster" => Once(name, Cluster) with { Cluster = Checked(value, TargetText.NameProblem("cluster", value)) },
            "keyring" => Once(name, Keyring) with { Keyring = Checked(value, TargetText.PathProblem(value)) },
            "map-options" => Once(name, MapOptions) with { MapOptions = Checked(value, Targets.MapOptions.Problem(value, type: null)) },
            "device-type" => Once(name, DeviceType) with { DeviceType = ParseDeviceType(value) },
            "access" => Once(name, Access) with { Access = ParseAccess(value) },
            "clone-from" => Once(name, CloneFrom) with { CloneFrom = CloneSource.Parse(value) },
            "timeout" => Once(name, Timeout) with { Timeout = ParseTimeout(value) },
            _ => throw new RbdTargetException($"unknown option {TargetText.Quote(name)}; known are {string.Join(", ", Names)}"),
        };
    }

    /// <summary>The options as a target spells them, each with a comma before it.</summary>
    internal string Format()
    {
        string text = "";
        Add("id", Id);
        Add("conf", Conf);
        Add("cluster", Cluster);
        Add("keyring", Keyring);
        Add("map-options", MapOptions is { } list ? TargetParser.OrderMapOptions(list) : null);
        Add("device-type", DeviceType switch { null => null, Targets.DeviceType.Nbd => "nbd", _ => "krbd" });
        Add("access", Access?.Spelling());
        Add("clone-from", CloneFrom?.ToString());
        Add("timeout", Timeout?.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        return text;

        void Add(string name, string? value) => text += value is null ? "" : $",{name}={value}";
    }

    private TargetOptions Once(string name, object? former) =>
        former is null ? this : throw new RbdTargetException($"{name}= stands there twice");

    private static string Checked(string value, string? problem) => problem is null ? value : throw new RbdTargetException(problem);

    private static string? IdProblem(string id) =>
        id.StartsWith("client.", StringComparison.Ordinal)
            ? $"id= is the user without 'client.': id={id["client.".Length..]}"
            : TargetText.NameProblem("id", id);

    private static DeviceType ParseDeviceType(string value) => value switch
    {
        "krbd" => Targets.DeviceType.Krbd,
        "nbd" => Targets.DeviceType.Nbd,
        _ => throw new RbdTargetException($"device-type is {TargetText.Quote(value)}, not krbd or nbd"),
    };

    private static AccessMode ParseAccess(string value) =>
        AccessModes.TryParse(value, out AccessMode mode)
            ? mode
            : throw new RbdTargetException($"access is {TargetText.Quote(value)}, not w, r, w! or r!");

    private static TimeSpan ParseTimeout(string value)
    {
        string digits = value.EndsWith('s') ? value[..^1] : value;
        return digits.Length is > 0 and <= 3 && digits.All(char.IsAsciiDigit)
            && int.Parse(digits, CultureInfo.InvariantCulture) is var seconds && seconds >= 1 && seconds <= MaxTimeout.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new RbdTargetException($"timeout is {TargetText.Quote(value)}, not a number of seconds from 1 to {MaxTimeout.TotalSeconds:0}");
    }
}
