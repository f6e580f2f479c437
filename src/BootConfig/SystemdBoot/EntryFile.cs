using System.Globalization;
using BlockRbd.BootConfig.UnifiedKernel;

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>A type 1 entry as systemd-boot reads it (src/boot/boot.c, boot_entry_add_type1).</summary>
internal static class EntryFile
{
    private const int BzImageMagicOffset = 0x202; // Linux, Documentation/arch/x86/boot.rst: header
    private static readonly string[] Loaders = ["linux", "uki", "efi", "uki-url"];

    /// <summary>The entry of a file's text.</summary>
    /// <param name="home">Where its paths count from.</param>
    /// <param name="file">The file.</param>
    /// <param name="text">Its text.</param>
    /// <param name="options">What the loader is like.</param>
    /// <param name="problem">Why there is no entry.</param>
    /// <returns>Null where the loader would leave it out whatever files there are.</returns>
    public static SystemdEntry? Read(BootHome home, BootFile file, string text, SystemdBootOptions options, out string problem)
    {
        Dictionary<string, List<string>> values = [];
        foreach ((string key, string value) in LoaderLines.Read(text).Take(SystemdBootLimits.MaxEntries))
        {
            (values.TryGetValue(key, out List<string>? all) ? all : values[key] = []).Add(value);
        }

        string? Last(string key) => values.TryGetValue(key, out List<string>? all) ? all[^1] : null;

        string? loader = Loaders.SingleOrDefaultOf(values.ContainsKey);
        problem = loader is null ? "has none, or several, of \"linux\", \"uki\" and \"efi\"" : string.Empty;
        if (values.GetValueOrDefault("architecture")?.FirstOrDefault(name => !name.Equals(options.Architecture, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            problem = $"is for the architecture {GuestText.Display(other)}";
        }

        if (problem.Length > 0)
        {
            return null;
        }

        LoaderValues found = new(
            loader!, Last(loader!)!, values.GetValueOrDefault("initrd") ?? [],
            values.TryGetValue("options", out List<string>? lines) ? string.Join(' ', lines) : null, Last("devicetree"), Last("profile"));
        return new SystemdEntry
        {
            File = file,
            Loader = loader == "uki-url" ? null : home.Named(found.File),
            Name = LoaderName.Of(file.Path[(file.Path.LastIndexOf('/') + 1)..], ".conf"),
            OwnTitle = Last("title"),
            SortKey = Last("sort-key"),
            MachineId = Last("machine-id"),
            Version = Last("version"),
            Boot = () => Plan(home, found),
        };
    }

    private static BootPlan Plan(BootHome home, LoaderValues values)
    {
        BootFile file = home.Named(values.File);
        return values.Loader switch
        {
            "linux" => Linux(home, file, values),
            "uki" => Image(UnifiedImage.Read(file), values),
            "efi" when file.Volume.ReadPart(file.Path, BzImageMagicOffset, 4) is { } magic && magic.AsSpan().SequenceEqual("HdrS"u8) => Linux(home, file, values),
            "efi" when PeSection.Read(file, out _)?.Any(section => section.Name == ".linux") == true => Image(UnifiedImage.Read(file), values),
            _ => new OtherBoot($"{values.Loader} {values.File}"),
        };
    }

    /// <summary>The kernel's own stub (drivers/firmware/efi/libstub/file.c) reads the files of initrd= in its command line where the loader brings none.</summary>
    private static LinuxBoot Linux(BootHome home, BootFile kernel, LoaderValues values)
    {
        string arguments = values.Options ?? string.Empty;
        IEnumerable<string> initrds = values.Initrds.Count > 0
            ? values.Initrds
            : arguments.Split(' ').Where(word => word.StartsWith("initrd=", StringComparison.Ordinal)).Select(word => word["initrd=".Length..]);
        return new LinuxBoot(kernel, [.. initrds.Select(home.Named)], arguments, Hypervisor: null)
        {
            DeviceTree = values.DeviceTree is { } tree ? home.Named(tree) : null,
        };
    }

    private static LinuxBoot Image(UnifiedImage image, LoaderValues values)
    {
        int number = int.TryParse(values.Profile, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 0;
        return number < image.Profiles.Count
            ? image.Profiles[number].Plan(values.Options)
            : throw new BootConfigException($"{GuestText.Display(image.File.ToString())} has no profile {number}");
    }

    private static string? SingleOrDefaultOf(this string[] keys, Func<string, bool> isThere)
    {
        string[] there = [.. keys.Where(isThere)];
        return there.Length == 1 ? there[0] : null;
    }

    private sealed record LoaderValues(
        string Loader, string File, IReadOnlyList<string> Initrds, string? Options, string? DeviceTree, string? Profile);
}
