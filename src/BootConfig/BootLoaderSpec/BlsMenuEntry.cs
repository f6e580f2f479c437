namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>
/// What <c>blscfg</c> makes of an entry: the parts of a <c>menuentry</c> and the script in its braces, which GRUB runs
/// when the entry is chosen (variables in paths are expanded then, those in options here).
/// </summary>
/// <param name="Arguments">The title, then each grub_arg.</param>
/// <param name="Id">The id.</param>
/// <param name="Classes">Each grub_class.</param>
/// <param name="Users">--users; null where the entry says nothing of it.</param>
/// <param name="Hotkey">--hotkey; null where the entry says nothing of it.</param>
/// <param name="Source">The script: a linux line, an initrd line, a devicetree line.</param>
public sealed record BlsMenuEntry(
    IReadOnlyList<string> Arguments, string Id, IReadOnlyList<string> Classes, string? Users, string? Hotkey, string Source)
{
    /// <summary>Makes the menu entry.</summary>
    /// <param name="entry">The entry as written.</param>
    /// <param name="dialect">Whose blscfg.</param>
    /// <param name="variable">GRUB's variables while blscfg runs; null for one that isn't set.</param>
    /// <returns>Null for an entry without a <c>linux</c> line, which GRUB leaves out.</returns>
    public static BlsMenuEntry? From(BlsEntry entry, BlsDialect dialect, Func<string, string?> variable)
    {
        if (entry.Linux is not { } linux)
        {
            return null;
        }

        string? written = entry.Options.Count == 0 ? null
            : dialect == BlsDialect.Specification ? string.Join(' ', entry.Options) : entry.Options[0];
        string? options = BlsValue.Expand(written, variable);
        IEnumerable<string> initrds = entry.Initrds;
        string device = string.Empty;
        if (dialect != BlsDialect.Upstream)
        {
            device = $"({entry.File.Volume.GrubName})";
            options ??= BlsValue.Expand(variable("default_kernelopts"), variable);
            initrds = EarlyInitrds(entry, linux, variable).Concat(initrds);
        }

        if (dialect == BlsDialect.Specification)
        {
            linux = FromRoot(linux);
            initrds = initrds.Select(FromRoot);
        }

        List<string> lines = [options is null ? $"linux {device}{linux}\n" : $"linux {device}{linux} {options}\n"];
        string initrd = string.Concat(initrds.Select(path => $" {device}{path}"));
        lines.Add(initrd.Length == 0 ? string.Empty : $"initrd{initrd}\n");
        lines.Add(BlsValue.Expand(entry.DeviceTree, variable) is { } tree ? $"devicetree {device}{tree}\n" : string.Empty);
        return new BlsMenuEntry(
            [entry.Title ?? linux, .. entry.GrubArgs], entry.Id, entry.GrubClasses, BlsValue.Expand(entry.GrubUsers, variable),
            entry.GrubHotkey, string.Concat(lines));
    }

    /// <summary>The specification's paths are relative to the volume's root, with or without a slash in front.</summary>
    private static string FromRoot(string path) => path is ['/' or '$', ..] ? path : "/" + path;

    /// <summary>Red Hat's $early_initrd: names with one blank between, in the directory of the first initrd, or of the kernel.</summary>
    private static IEnumerable<string> EarlyInitrds(BlsEntry entry, string linux, Func<string, string?> variable)
    {
        if (variable("early_initrd") is not { } names)
        {
            return [];
        }

        string beside = entry.Initrds is [string first, ..] ? first : linux;
        string folder = beside[..(beside.LastIndexOf('/') + 1)];
        return names.Split(' ').Select(name => folder + name);
    }
}
