namespace BlockRbd.BootConfig;

/// <summary>Tells what format a configuration has whose place doesn't say it.</summary>
public static class ConfigKind
{
    /// <summary>Where a configuration of this kind is looked for: what stands there is read as it.</summary>
    /// <param name="name">The file's name, or its path.</param>
    /// <param name="text">What is in it, one character a byte.</param>
    public static string PlaceOf(string name, string text)
    {
        string file = BaseName(name);
        return Of(name, text) switch
        {
            BootFormat.Grub2 => "/boot/grub/grub.cfg",
            BootFormat.GrubLegacy => "/boot/grub/menu.lst",
            BootFormat.Syslinux when file == "isolinux.cfg" => "/isolinux/isolinux.cfg",
            BootFormat.Syslinux when file == "syslinux.cfg" => "/syslinux/syslinux.cfg",
            BootFormat.Syslinux => "/boot/extlinux/extlinux.conf",
            BootFormat.Lilo => "/etc/lilo.conf",
            BootFormat.SystemdBoot when IsImage(name, text) => "/EFI/Linux/image.efi",
            BootFormat.SystemdBoot => "/loader/loader.conf",
            _ => "/loader/entries/entry.conf",
        };
    }

    /// <summary>The format. A name that only one loader uses tells it; else the words that only one of the formats has.</summary>
    internal static BootFormat Of(string name, string text) => BaseName(name) switch
    {
        "grub.cfg" => BootFormat.Grub2,
        "menu.lst" or "grub.conf" => BootFormat.GrubLegacy,
        "extlinux.conf" or "syslinux.cfg" or "isolinux.cfg" => BootFormat.Syslinux,
        "lilo.conf" or "elilo.conf" => BootFormat.Lilo,
        "loader.conf" => BootFormat.SystemdBoot,
        _ when IsImage(name, text) => BootFormat.SystemdBoot,
        _ => ByWords(text),
    };

    private static bool IsImage(string name, string text) =>
        BaseName(name).EndsWith(".efi", StringComparison.Ordinal) || text.StartsWith("MZ", StringComparison.Ordinal);

    private static BootFormat ByWords(string text)
    {
        HashSet<string> words = [.. text.Split('\n').Select(line => line.Split([' ', '\t', '=', '\r'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("\0"))];
        if (words.Overlaps(["menuentry", "submenu", "insmod", "search", "set", "function"]))
        {
            return BootFormat.Grub2;
        }

        if (words.Contains("title"))
        {
            return words.Overlaps(["kernel", "root", "rootnoverify", "chainloader", "configfile"]) ? BootFormat.GrubLegacy
                : words.Overlaps(["linux", "efi", "uki"]) ? BootFormat.BootLoaderSpec
                : BootFormat.Grub2;
        }

        if (words.Contains("image") && words.Overlaps(["label", "root", "boot", "append", "read-only"]))
        {
            return BootFormat.Lilo;
        }

        HashSet<string> small = [.. words.Select(word => word.ToLowerInvariant())]; // SYSLINUX alone doesn't care
        return small.Contains("label") && small.Overlaps(["kernel", "linux", "append", "menu", "com32", "localboot", "config"])
            ? BootFormat.Syslinux
            : BootFormat.Grub2;
    }

    private static string BaseName(string name) => name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
}
