using BlockRbd.BootConfig.Grub2;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig;

/// <summary>Tells whether the GRUB that reads a grub.cfg is Red Hat's, which differs from GNU's in a few things.</summary>
internal static class RedHatGrub
{
    private const int MaxOsReleaseBytes = 64 << 10;

    private static readonly string[] OsReleasePlaces = ["/etc/os-release", "/usr/lib/os-release"];

    private static readonly string[] Families = ["fedora", "rhel", "centos"];

    /// <summary>Directories of the EFI system partition that these distributions keep their loader in.</summary>
    private static readonly string[] Vendors = ["fedora", "redhat", "centos", "rocky", "almalinux", "oracle", "eurolinux", "virtuozzo"];

    /// <summary>The options for a grub.cfg: Red Hat's deviations where it is Red Hat's GRUB that reads it.</summary>
    /// <remarks>
    /// Only a grub.cfg where Red Hat's packages put it is asked after, so that others cost nothing: in a vendor's directory of the EFI system partition; or below
    /// "grub2", as SUSE has it, too, where the script loads the module "blscfg", which is Red Hat's alone, or an os-release of the family is on some volume.
    /// </remarks>
    public static Grub2Options OptionsFor(IBootHost host, BootFile config, Grub2Limits limits)
    {
        Grub2Options options = new() { Limits = limits };
        return IsRedHats(host, config, limits) ? options with { RedHat = RedHatDeviations.KeepHexEscapes | RedHatDeviations.EmptyUsers | RedHatDeviations.BlsFallback } : options;
    }

    private static bool IsRedHats(IBootHost host, BootFile config, Grub2Limits limits)
    {
        string[] parts = config.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string folder = parts.Length > 1 ? parts[^2] : string.Empty;
        if (Vendors.Contains(folder) && parts.Any(part => part.Equals("EFI", StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        return folder == "grub2" && (LoadsBlscfg(config, limits) || host.Volumes.Any(IsOfFamily));
    }

    private static bool LoadsBlscfg(BootFile config, Grub2Limits limits) =>
        config.Volume.ReadFile(config.Path, limits.ScriptBytes) is { } script && script.AsSpan().IndexOf("insmod blscfg"u8) >= 0;

    private static bool IsOfFamily(IBootVolume volume)
    {
        try
        {
            foreach (string path in OsReleasePlaces)
            {
                if (volume.Unreadable is null && volume.ReadFile(path, MaxOsReleaseBytes) is { } bytes)
                {
                    Dictionary<string, string> system = OsRelease.Parse(GuestText.FromBytes(bytes));
                    return $"{system.GetValueOrDefault("ID")} {system.GetValueOrDefault("ID_LIKE")}".Split(' ').Any(Families.Contains);
                }
            }
        }
        catch (ImageFormatException)
        {
            // A damaged os-release says nothing; what the kernel is read from will say what is wrong.
        }

        return false;
    }
}
