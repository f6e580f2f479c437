using BlockRbd.BootConfig;
using BlockRbd.BootConfig.GrubLegacy;

namespace BlockRbd.BootExtract.Reading;

/// <summary>Finds GRUB legacy menus only, until the search over all formats is there.</summary>
internal static class BootFinder
{
    public static BootSearch Find(IBootHost host)
    {
        foreach (IBootVolume volume in host.Volumes)
        {
            if (volume.Stat("/boot/grub/menu.lst") is not null)
            {
                return new BootSearch(GrubLegacyConfig.Load(host, volume, "/boot/grub/menu.lst"), []);
            }
        }

        return new BootSearch(null, [.. host.Volumes.Select(v => new LookedAt(v.GrubName, "no"))]);
    }
}
