using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig;

/// <summary>Looks for the configuration that a guest boots by.</summary>
/// <remarks>
/// The loader in the guest's boot sectors knows where its own configuration is; here it has to be found. The order: disks as
/// given, the boot disk first; on each disk the ranks of <see cref="BootPlaces"/>; for each rank the active partition, then the
/// others by number; on each of them the rank's paths. The first configuration wins that has an entry which boots a Linux whose kernel is there.
/// What is passed over is recorded with its reason. Where no configuration has such an entry, the first one with any entry is
/// taken: its entries can be shown, and booting one says what is missing.
/// </remarks>
public sealed class BootFinder
{
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
            _looked[second.Looked] = at with { Outcome = $"taken for want of a better one: {at.Outcome}" };
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
                    if (volume.Stat(path) is { } stat && stat.IsDirectory == (place.Format == BootFormat.BootLoaderSpec))
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
                _looked.Add(new LookedAt($"({volume.GrubName}){pattern}", e.Message));
            }
        }

        if (missing.Count > 0)
        {
            _looked.Add(new LookedAt($"({volume.GrubName})", $"not there: {string.Join(", ", missing)}"));
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
            _looked.Add(new LookedAt(place, $"{menu.Format}, {Count(menu)}, but {problem}"));
        }
        catch (Exception e) when (e is BootConfigException or ImageFormatException)
        {
            _looked.Add(new LookedAt(place, $"passed over: {e.Message}"));
        }
    }

    private BootMenu Load(BootFile file, BootFormat format) => format switch
    {
        BootFormat.Grub2 => Grub2Config.Load(_host, file.Volume, file.Path, _options.Grub2),
        BootFormat.GrubLegacy => GrubLegacyConfig.Load(_host, file.Volume, file.Path),
        _ => BlsConfig.Load(_host, file.Volume, file.Path, _options.Grub2),
    };

    private static string Count(BootMenu menu) => menu.Entries.Count == 1 ? "1 entry" : $"{menu.Entries.Count} entries";

    private static string FirstWarning(BootMenu menu) => menu.Warnings is [string first, ..] ? $" ({first})" : string.Empty;
}
