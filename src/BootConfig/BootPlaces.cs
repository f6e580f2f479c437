namespace BlockRbd.BootConfig;

/// <summary>What kind of configuration a place holds.</summary>
internal enum BootFormat
{
    /// <summary>A script of GRUB 2.</summary>
    Grub2,

    /// <summary>A menu.lst of GRUB legacy.</summary>
    GrubLegacy,

    /// <summary>A directory of Boot Loader Specification entries.</summary>
    BootLoaderSpec,

    /// <summary>SYSLINUX, EXTLINUX, ISOLINUX, or U-Boot with their format.</summary>
    Syslinux,

    /// <summary>systemd-boot's loader.conf, or its directory of unified kernel images.</summary>
    SystemdBoot,

    /// <summary>LILO or ELILO.</summary>
    Lilo,
}

/// <summary>Places of one rank: all of them on all of a disk's volumes are tried before the next rank.</summary>
/// <param name="Format">What is there.</param>
/// <param name="Paths">Paths on a volume, in order; "*" stands for any one directory.</param>
internal sealed record BootPlace(BootFormat Format, IReadOnlyList<string> Paths);

/// <summary>Every place that is looked at, in order. A new one is a line here.</summary>
internal static class BootPlaces
{
    /// <summary>
    /// GRUB 2's own file wherever distributions put it, /boot on its own volume or not, in pygrub's order; then what stands
    /// beside UEFI's loaders or at a volume's root, mostly a stub that leads to one of the former; then EXTLINUX and its kin, where pygrub looks
    /// and then where the loaders themselves do (SYSLINUX 6, core/elflink/load_env32.c and doc/config); GRUB legacy's, in pygrub's order; systemd-boot's, on
    /// a partition or below where it would be mounted; entries that nothing else asks for; LILO's.
    /// </summary>
    public static readonly IReadOnlyList<BootPlace> All =
    [
        new(BootFormat.Grub2, ["/boot/grub/grub.cfg", "/grub/grub.cfg", "/boot/grub2/grub.cfg", "/grub2/grub.cfg"]),
        new(BootFormat.Grub2, ["/EFI/*/grub.cfg", "/efi/*/grub.cfg", "/boot/efi/EFI/*/grub.cfg", "/grub.cfg"]),
        new(
            BootFormat.Syslinux,
            [
                "/boot/isolinux/isolinux.cfg", "/boot/extlinux/extlinux.conf", "/boot/extlinux.conf", "/extlinux/extlinux.conf", "/extlinux.conf",
                "/boot/syslinux/extlinux.conf", "/boot/syslinux/syslinux.cfg", "/boot/syslinux.cfg", "/syslinux/extlinux.conf", "/syslinux/syslinux.cfg", "/syslinux.cfg",
                "/isolinux/isolinux.cfg", "/isolinux.cfg", "/EFI/syslinux/syslinux.cfg", "/EFI/BOOT/syslinux.cfg",
            ]),
        new(BootFormat.GrubLegacy, ["/boot/grub/menu.lst", "/boot/grub/grub.conf", "/grub/menu.lst", "/grub/grub.conf"]),
        new(
            BootFormat.SystemdBoot,
            [
                "/loader/loader.conf", "/EFI/Linux", "/boot/loader/loader.conf", "/boot/EFI/Linux", "/efi/loader/loader.conf", "/efi/EFI/Linux",
                "/boot/efi/loader/loader.conf", "/boot/efi/EFI/Linux",
            ]),
        new(BootFormat.BootLoaderSpec, ["/boot/loader/entries", "/loader/entries"]),
        new(BootFormat.Lilo, ["/etc/lilo.conf", "/etc/elilo.conf", "/EFI/*/elilo.conf", "/efi/*/elilo.conf", "/boot/efi/EFI/*/elilo.conf"]),
    ];

    /// <summary>Whether a place is a directory.</summary>
    public static bool IsDirectory(string path) => path.EndsWith("/entries", StringComparison.Ordinal) || path.EndsWith("/Linux", StringComparison.Ordinal);

    /// <summary>Directories that one "*" may stand for.</summary>
    public const int MaxMatches = 64;

    /// <summary>A path in the volume, and in each subvolume that may be a system's root; without its "*".</summary>
    /// <exception cref="GuestDisk.ImageFormatException">The volume can't be read.</exception>
    public static IEnumerable<string> Expand(IBootVolume volume, string path) =>
        volume.Subvolumes.Prepend("").SelectMany(root => ExpandStar(volume, root + path));

    /// <summary>A path without its "*": every directory that it may be, "BOOT" (the removable medium's name) last.</summary>
    private static IEnumerable<string> ExpandStar(IBootVolume volume, string path)
    {
        int star = path.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return [path];
        }

        string before = path[..star];
        IEnumerable<string> names = volume.List(before.TrimEnd('/')) ?? [];
        return names
            .Where(name => name is not ['.', ..])
            .OrderBy(name => name.Equals("BOOT", StringComparison.OrdinalIgnoreCase))
            .ThenBy(name => name, StringComparer.Ordinal)
            .Take(MaxMatches)
            .Select(name => before + name + path[(star + 1)..]);
    }
}
