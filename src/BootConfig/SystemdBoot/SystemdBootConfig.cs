using System.Globalization;
using BlockRbd.GuestDisk;

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>Reads what systemd-boot would: entry files and unified kernel images of the boot partitions, and loader.conf.</summary>
public static class SystemdBootConfig
{
    private const string EntriesDirectory = "/loader/entries";
    private const string ImagesDirectory = "/EFI/Linux";
    private const string AutomaticPrefix = "auto-"; // the loader's own entries are called so

    /// <summary>Reads a configuration.</summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="volume">The volume that the configuration is on.</param>
    /// <param name="path">"/loader/loader.conf", "/loader/entries", "/EFI/Linux", each below "/boot" and the like as well; or one image, for its profiles alone.</param>
    /// <param name="options">What the loader is like; null for a PC's.</param>
    /// <exception cref="BootConfigException">More entries than anybody has.</exception>
    /// <exception cref="ImageFormatException">A directory or loader.conf can't be read.</exception>
    public static BootMenu Load(IBootHost host, IBootVolume volume, string path, SystemdBootOptions? options = null)
    {
        options ??= new SystemdBootOptions();
        BootFile config = new(volume, path);
        List<string> warnings = [];
        if (path.EndsWith(".efi", StringComparison.OrdinalIgnoreCase))
        {
            return Menu(config, LoaderConf.Read(file: null), [.. ImageEntries.Read(config)], warnings) with { Format = "unified kernel image" };
        }

        IReadOnlyList<BootHome> homes = BootHome.Of(host, config);
        BootFile? loaderConf = homes.Select(home => home.File("/loader/loader.conf")).FirstOrDefault(file => file.Volume.Stat(file.Path) is { IsDirectory: false });
        Reader reader = new(options, warnings);
        foreach (BootHome home in homes)
        {
            reader.AddImages(home);
            reader.AddEntryFiles(home);
        }

        // Where every kernel is missing the loader has no menu; shown, the entries say what is missing.
        return Menu(config, LoaderConf.Read(loaderConf), reader.Entries.Count > 0 ? reader.Entries : reader.WithoutKernel, warnings);
    }

    private static BootMenu Menu(BootFile config, LoaderConf conf, List<SystemdEntry> found, List<string> warnings)
    {
        List<SystemdEntry> entries = [.. found.Order(Comparer<SystemdEntry>.Create(SystemdEntry.Compare))]; // stable, and a total order but for equal ones
        EntryTitles.Set(entries);
        for (int i = 0; i < entries.Count; i++)
        {
            entries[i].SetIndex(i.ToString(CultureInfo.InvariantCulture));
        }

        (SystemdEntry? entry, string reason) = ChooseDefault(conf, entries);
        return new BootMenu
        {
            Format = "systemd-boot",
            Config = config,
            Entries = entries,
            Default = entry,
            DefaultReason = reason,
            TimeoutSeconds = conf.TimeoutSeconds,
            TimeoutStyle = conf.TimeoutSeconds == 0 ? "hidden" : "menu",
            AllowsEditing = conf.AllowsEditing,
            Warnings = warnings,
            Select = selector => EntryNames.Select(entries, selector, static entry => entry)
                ?? entries.FirstOrDefault(entry => entry.Id == selector + ".conf" || entry.Id == selector + ".efi")
                ?? entries.FirstOrDefault(entry => entry.Matches(selector.ToLowerInvariant())),
        };
    }

    /// <summary>config_select_default_entry. What firmware variables say is not on the disk.</summary>
    private static (SystemdEntry? Entry, string Reason) ChooseDefault(LoaderConf conf, List<SystemdEntry> entries)
    {
        string place = conf.File is { } file ? GuestText.Display(file.ToString()) : string.Empty;
        if (conf.Preferred is { } preferred && entries.FirstOrDefault(entry => !entry.IsExhausted && entry.Matches(preferred)) is { } chosen)
        {
            return (chosen, $"preferred in {place} is \"{GuestText.Display(preferred)}\"");
        }

        SystemdEntry? first = entries.Count > 0 ? entries[0] : null;
        if (conf.Default is not { } pattern)
        {
            return (first, conf.File is null ? "there is no loader.conf: the first entry" : $"default is not set in {place}: the first entry");
        }

        if (pattern == "@saved")
        {
            return (first, $"default in {place} is \"@saved\", which firmware remembers and the disk does not: the first entry");
        }

        return entries.FirstOrDefault(entry => entry.Matches(pattern)) is { } entry
            ? (entry, $"default in {place} is \"{GuestText.Display(pattern)}\"")
            : (first, $"default in {place} is \"{GuestText.Display(pattern)}\", which no entry matches: the first entry");
    }

    /// <summary>Collects entries of one home after another, below one ceiling.</summary>
    private sealed class Reader(SystemdBootOptions options, List<string> warnings)
    {
        private int _files;
        private int _bytes;

        public List<SystemdEntry> Entries { get; } = [];

        public List<SystemdEntry> WithoutKernel { get; } = [];

        public void AddImages(BootHome home)
        {
            foreach (BootFile file in Files(home, ImagesDirectory, ".efi"))
            {
                try
                {
                    Entries.AddRange(ImageEntries.Read(file));
                }
                catch (Exception e) when (e is BootConfigException or ImageFormatException)
                {
                    Warn(e.Message);
                }
            }
        }

        public void AddEntryFiles(BootHome home)
        {
            foreach (BootFile file in Files(home, EntriesDirectory, ".conf"))
            {
                try
                {
                    byte[] bytes = file.Volume.ReadFile(file.Path, SystemdBootLimits.MaxConfigBytes) ?? [];
                    _bytes += bytes.Length; // each is below the first ceiling, and the sum is checked with each
                    if (_bytes > SystemdBootLimits.MaxTotalBytes)
                    {
                        throw new BootConfigException($"{GuestText.Display(file.ToString())}: entry files of more than {SystemdBootLimits.MaxTotalBytes} bytes");
                    }

                    if (EntryFile.Read(home, file, GuestText.FromBytes(bytes), options, out string problem) is { } entry)
                    {
                        Add(entry);
                    }
                    else
                    {
                        Warn($"{GuestText.Display(file.ToString())} {problem}");
                    }
                }
                catch (ImageFormatException e)
                {
                    Warn(e.Message);
                }
            }
        }

        private void Add(SystemdEntry entry)
        {
            if (options.FilesMustExist && entry.Loader is { } loader && loader.Volume.Stat(loader.Path) is not { IsDirectory: false })
            {
                Warn($"{GuestText.Display(entry.File.ToString())} names {GuestText.Display(loader.ToString())}, which is not there");
                WithoutKernel.Add(entry);
                return;
            }

            Entries.Add(entry);
        }

        /// <summary>The files of a directory that the loader would look at, in the order of their names.</summary>
        private IEnumerable<BootFile> Files(BootHome home, string directory, string suffix)
        {
            BootFile folder = home.File(directory);
            foreach (string name in (folder.Volume.List(folder.Path) ?? []).Order(StringComparer.Ordinal))
            {
                if (name is ['.', ..] || !name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) || name.StartsWith(AutomaticPrefix, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                if (++_files > SystemdBootLimits.MaxEntries)
                {
                    throw new BootConfigException($"{GuestText.Display(folder.ToString())}: more than {SystemdBootLimits.MaxEntries} entries");
                }

                BootFile file = new(folder.Volume, $"{folder.Path}/{name}");
                if (file.Volume.Stat(file.Path) is { IsDirectory: false })
                {
                    yield return file;
                }
            }
        }

        private void Warn(string warning)
        {
            if (warnings.Count < SystemdBootLimits.MaxWarnings)
            {
                warnings.Add(warning);
            }
        }
    }
}
