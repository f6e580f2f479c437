using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.BootConfig.Lilo;
using BlockRbd.BootConfig.Syslinux;
using BlockRbd.BootConfig.SystemdBoot;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig;

/// <summary>Looks for the configuration that a guest boots by.</summary>
/// <remarks>
/// The loader in the guest's boot sectors knows where its own configuration is; here it has to be found. The order: disks as
/// given, the boot disk first; on each disk the ranks of <see cref="BootPlaces"/>; for each rank the active partition, then the
/// others by number; on each of them the rank's paths. The first configuration wins that has an entry which boots a Linux whose kernel is there.
/// What is passed over is recorded with its reason, and is a warning where it was meant to boot the guest. Where no configuration has such an entry, the first one with any entry is
/// taken: its entries can be shown, and booting one says what is missing.
/// </remarks>
public sealed class BootFinder
{
    /// <summary>Bytes of a named configuration that tell its kind.</summary>
    private const int MaxSniffedBytes = 1 << 20;

    private readonly IBootHost _host;
    private readonly BootFinderOptions _options;
    private readonly List<LookedAt> _looked = [];
    private BootMenu? _taken;
    private (BootMenu Menu, int Looked)? _secondBest;

    private BootFinder(IBootHost host, BootFinderOptions options)
    {
        _host = host;
        _options = options;
    }

    /// <summary>Looks at every volume.</summary>
    /// <exception cref="SourceReadException">The device below a disk can't be read.</exception>
    public static BootSearch Find(IBootHost host, BootFinderOptions? options = null)
    {
        BootFinder finder = new(host, options ?? new BootFinderOptions());
        finder.LookAtAll();
        return new BootSearch(finder._taken, finder._looked);
    }

    /// <summary>Takes the configuration that somebody has named, whatever else is there.</summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="config">A file, a directory of entries, or one of unified kernel images; its name or its content tells which kind it is.</param>
    /// <param name="options">How it is read.</param>
    /// <exception cref="BootConfigException">It can't be used.</exception>
    /// <exception cref="ImageFormatException">It can't be read.</exception>
    public static BootSearch Take(IBootHost host, BootFile config, BootFinderOptions? options = null)
    {
        BootFinder finder = new(host, options ?? new BootFinderOptions());
        BootFormat format = FormatOf(config);
        if (format == BootFormat.BootLoaderSpec && config.Volume.Stat(config.Path) is { IsDirectory: false })
        {
            throw new BootConfigException($"{GuestText.Display(config.ToString())} is one entry: name its directory, and the entry itself with --entry");
        }

        BootMenu menu = finder.Load(config, format);
        return new BootSearch(menu, [new LookedAt(GuestText.Display(config.ToString()), $"taken, because it was named: {menu.Format}, {Count(menu)}")]);
    }

    private bool IsDone => _taken is not null && !_options.LookEverywhere;

    private void LookAtAll()
    {
        foreach (IBootVolume volume in _host.Volumes.Where(volume => volume.Unreadable is not null))
        {
            _looked.Add(new LookedAt($"({volume.GrubName})", volume.Unreadable!));
        }

        foreach (IGrouping<string, IBootVolume> disk in _host.Volumes.Where(volume => volume.Unreadable is null).GroupBy(Disk))
        {
            List<IBootVolume> volumes = [.. disk.OrderByDescending(volume => volume.IsActive)]; // stable: else by number
            foreach (BootPlace place in BootPlaces.All)
            {
                foreach (IBootVolume volume in volumes)
                {
                    LookAt(volume, place);
                    if (IsDone)
                    {
                        return;
                    }
                }
            }
        }

        if (_taken is null && _secondBest is { } second)
        {
            _taken = second.Menu;
            LookedAt at = _looked[second.Looked];
            _looked[second.Looked] = at with { Outcome = $"taken for want of a better one: {at.Outcome}", Result = LookResult.Told };
        }
    }

    private static string Disk(IBootVolume volume) => volume.GrubName.Split(',')[0];

    private void LookAt(IBootVolume volume, BootPlace place)
    {
        List<string> missing = [];
        foreach (string pattern in place.Paths)
        {
            try
            {
                int before = _looked.Count;
                foreach (string path in BootPlaces.Expand(volume, pattern))
                {
                    if (volume.Stat(path) is { } stat && stat.IsDirectory == BootPlaces.IsDirectory(pattern))
                    {
                        Try(new BootFile(volume, path), place.Format);
                        if (IsDone)
                        {
                            return;
                        }
                    }
                }

                if (_looked.Count == before)
                {
                    missing.Add(pattern);
                }
            }
            catch (ImageFormatException e)
            {
                _looked.Add(new LookedAt($"({volume.GrubName}){pattern}", e.Message, LookResult.Fault));
            }
        }

        if (missing.Count > 0)
        {
            _looked.Add(new LookedAt($"({volume.GrubName})", $"not there: {string.Join(", ", missing)}", LookResult.Missing));
        }
    }

    private void Try(BootFile file, BootFormat format)
    {
        string place = GuestText.Display(file.ToString());
        if (_taken is not null)
        {
            _looked.Add(new LookedAt(place, "passed over: one was taken before it"));
            return;
        }

        try
        {
            BootMenu menu = Load(file, format);
            if (menu.Entries.Count == 0)
            {
                _looked.Add(new LookedAt(place, $"passed over: {menu.Format} without an entry{FirstWarning(menu)}"));
                return;
            }

            string? problem = BootMenuCheck.WhyNothingBoots(menu);
            if (problem is null)
            {
                _taken = menu;
                _looked.Add(new LookedAt(place, $"taken: {menu.Format}, {Count(menu)}"));
                return;
            }

            _secondBest ??= (menu, _looked.Count);
            _looked.Add(new LookedAt(place, $"{menu.Format}, {Count(menu)}, but {problem}", LookResult.Fault));
        }
        catch (Exception e) when (e is BootConfigException or ImageFormatException)
        {
            _looked.Add(new LookedAt(place, $"passed over: {e.Message}", LookResult.Fault));
        }
    }

    private BootMenu Load(BootFile file, BootFormat format)
    {
        switch (format)
        {
            case BootFormat.Grub2:
                return Grub2Config.Load(_host, file.Volume, file.Path, _options.Grub2 ?? RedHatGrub.OptionsFor(_host, file, new Grub2Limits()));
            case BootFormat.GrubLegacy:
                return GrubLegacyConfig.Load(_host, file.Volume, file.Path);
            case BootFormat.Syslinux:
                return SyslinuxConfig.Load(_host, file.Volume, file.Path);
            case BootFormat.Lilo:
                return LiloConfig.Load(_host, file.Volume, file.Path);
            case BootFormat.BootLoaderSpec when BlsConfig.IsGrubs(_host, file.Volume, file.Path):
                return BlsConfig.Load(_host, file.Volume, file.Path, _options.Grub2);
            case BootFormat.BootLoaderSpec:
                // By the specification alone; nothing says that systemd-boot itself is there.
                return SystemdBootConfig.Load(_host, file.Volume, file.Path, SystemdBoot) with { Format = "Boot Loader Specification" };
            default:
                return SystemdBootConfig.Load(_host, file.Volume, file.Path, SystemdBoot);
        }
    }

    private SystemdBootOptions SystemdBoot => new() { FilesMustExist = _options.Grub2?.FilesMustExist ?? true };

    private static BootFormat FormatOf(BootFile config)
    {
        IReadOnlyList<string>? names = config.Volume.List(config.Path);
        return names is null ? ConfigKind.Of(config.Path, GuestText.FromBytes(config.Volume.ReadPart(config.Path, 0, MaxSniffedBytes) ?? []))
            : names.Any(name => name.EndsWith(".efi", StringComparison.OrdinalIgnoreCase)) ? BootFormat.SystemdBoot
            : BootFormat.BootLoaderSpec;
    }

    private static string Count(BootMenu menu) => menu.Entries.Count == 1 ? "1 entry" : $"{menu.Entries.Count} entries";

    private static string FirstWarning(BootMenu menu) => menu.Warnings is [string first, ..] ? $" ({first})" : string.Empty;
}
