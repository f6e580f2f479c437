using BlockRbd.BootConfig.Grub2;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>A directory of entries that no grub.cfg asks for, as a menu.</summary>
public static class BlsConfig
{
    /// <summary>Where a grubenv stands, on the entries' own volume first.</summary>
    private static readonly IReadOnlyList<string> GrubEnvPlaces =
        ["/boot/grub2/grubenv", "/grub2/grubenv", "/boot/grub/grubenv", "/grub/grubenv", "/EFI/*/grubenv"];

    /// <summary>
    /// Reads the entries, and the default and variables ("kernelopts") from the grubenv that goes with them. What fills in the entries is
    /// GRUB's evaluator with a script of the lines that grub-mkconfig would have written.
    /// </summary>
    /// <exception cref="BootConfigException">A limit is reached.</exception>
    /// <exception cref="ImageFormatException">The directory can't be read.</exception>
    public static BootMenu Load(IBootHost host, IBootVolume volume, string directory, Grub2Options? options = null)
    {
        options ??= new Grub2Options();
        BootFile? grubEnv = FindGrubEnv(host, volume);
        string load = grubEnv is null ? string.Empty : $"load_env -f {Quote(grubEnv.ToString())}\n";
        string script = load + $$"""
            if [ "${next_entry}" ]; then set default="${next_entry}"; else set default="${saved_entry}"; fi
            blscfg {{Quote($"({volume.GrubName}){directory}")}}
            """;
        BootMenu menu = Grub2Config.Run(
            host, new BootFile(volume, directory), script, options with { BlsDialect = BlsDialect.Specification });
        List<string> warnings = [.. menu.Warnings];
        if (MissesKernelOptions(volume, directory, grubEnv))
        {
            warnings.Add(
                $"({volume.GrubName}){directory}: entries name $kernelopts, and {(grubEnv is null ? "there is no grubenv" : $"{GuestText.Display(grubEnv.ToString())} has none")}: "
                + "their kernels start without what it stands for");
        }

        return menu with { Format = "Boot Loader Specification", Warnings = warnings };
    }

    /// <summary>Whether GRUB is what reads these entries: there is a grubenv, or an entry names what only GRUB fills in.</summary>
    /// <exception cref="BootConfigException">A limit is reached.</exception>
    /// <exception cref="ImageFormatException">The directory can't be read.</exception>
    internal static bool IsGrubs(IBootHost host, IBootVolume volume, string directory) =>
        FindGrubEnv(host, volume) is not null
        || (BlsDirectory.Read(volume, directory) ?? []).Any(entry => entry.Fields.Any(field =>
            field.Key.StartsWith("grub_", StringComparison.Ordinal)
            || (field.Key is "options" or "initrd" or "linux" && field.Value.Contains('$', StringComparison.Ordinal))));

    private static BootFile? FindGrubEnv(IBootHost host, IBootVolume own)
    {
        foreach (IBootVolume volume in host.Volumes.OrderByDescending(volume => volume == own).Where(volume => volume.Unreadable is null))
        {
            foreach (string path in GrubEnvPlaces.SelectMany(place => BootPlaces.Expand(volume, place)))
            {
                if (volume.Stat(path) is { IsDirectory: false })
                {
                    return new BootFile(volume, path);
                }
            }
        }

        return null;
    }

    private static bool MissesKernelOptions(IBootVolume volume, string directory, BootFile? grubEnv)
    {
        bool names = (BlsDirectory.Read(volume, directory) ?? [])
            .Any(entry => entry.Options.Any(line => line.Contains("$kernelopts", StringComparison.Ordinal)));
        if (!names || grubEnv is null)
        {
            return names;
        }

        byte[] bytes = grubEnv.Volume.ReadFile(grubEnv.Path, BlsLimits.MaxEntryBytes) ?? [];
        return bytes.AsSpan().IndexOf("\nkernelopts="u8) < 0;
    }

    /// <summary>One word of a GRUB script, whatever is in it.</summary>
    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
