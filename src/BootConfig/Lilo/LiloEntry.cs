using System.Globalization;

namespace BlockRbd.BootConfig.Lilo;

/// <summary>An image of a lilo.conf.</summary>
/// <param name="config">The file.</param>
/// <param name="line">The line that it begins on, from 1.</param>
/// <param name="index">Its number.</param>
/// <param name="options">What is set for it.</param>
internal sealed class LiloEntry(BootFile config, int line, string index, IReadOnlyDictionary<string, string> options) : BootEntry
{
    /// <summary>The label, or the file's name as LILO makes one of it.</summary>
    public override string Title => options.GetValueOrDefault("label") ?? File[(File.LastIndexOf('/') + 1)..];

    /// <inheritdoc/>
    public override string Id => string.Empty;

    /// <inheritdoc/>
    public override string Index => index;

    /// <inheritdoc/>
    public override string Origin => string.Create(CultureInfo.InvariantCulture, $"{config}:{line}");

    /// <inheritdoc/>
    public override bool IsSubmenu => false;

    /// <inheritdoc/>
    public override IReadOnlyList<BootEntry> Children => [];

    private string File => options.GetValueOrDefault("image") ?? options.GetValueOrDefault("other") ?? string.Empty;

    /// <inheritdoc/>
    public override BootPlan Plan()
    {
        if (!options.TryGetValue("image", out string? image))
        {
            return new OtherBoot($"other={File}");
        }

        string arguments = options.GetValueOrDefault("append") ?? string.Empty;
        arguments += options.TryGetValue("root", out string? root) ? $" root={root}" : string.Empty;
        arguments += options.ContainsKey("read-only") ? " ro" : options.ContainsKey("read-write") ? " rw" : string.Empty;
        return new LinuxBoot(
            Resolve(image), options.TryGetValue("initrd", out string? initrd) ? [Resolve(initrd)] : [], arguments.Trim(' '), Hypervisor: null);
    }

    /// <summary>Names are absolute for LILO; ELILO's are relative to its own directory.</summary>
    private BootFile Resolve(string name) => name is ['/', ..]
        ? new BootFile(config.Volume, name)
        : new BootFile(config.Volume, config.Path[..(config.Path.LastIndexOf('/') + 1)] + name);
}
