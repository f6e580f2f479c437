namespace BlockRbd.BootConfig.Syslinux;

/// <summary>What one configuration and all that it names have in common.</summary>
/// <param name="host">The guest's volumes.</param>
internal sealed class SyslinuxSession(IBootHost host)
{
    private readonly List<string> _warnings = [];
    private int _files;
    private int _bytes;
    private int _entries;

    /// <summary>The guest's volumes.</summary>
    public IBootHost Host => host;

    /// <summary>What the loader would have passed over.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Keeps a complaint.</summary>
    public void Warn(string warning)
    {
        if (_warnings.Count < SyslinuxLimits.MaxWarnings)
        {
            _warnings.Add(warning);
        }
    }

    /// <summary>Counts one more label or submenu.</summary>
    /// <exception cref="BootConfigException">There are more than anybody has.</exception>
    public void CountEntry(string place)
    {
        if (++_entries > SyslinuxLimits.MaxEntries)
        {
            throw new BootConfigException($"{place}: more than {SyslinuxLimits.MaxEntries} labels");
        }
    }

    /// <summary>A file's text; null where there is none.</summary>
    /// <exception cref="BootConfigException">More files, or more bytes, than anybody has.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public string? Read(BootFile file)
    {
        if (file.Volume.ReadFile(file.Path, SyslinuxLimits.MaxConfigBytes) is not { } bytes)
        {
            return null;
        }

        _bytes += bytes.Length; // each is below the first ceiling, and the sum is checked with each
        if (++_files > SyslinuxLimits.MaxFiles || _bytes > SyslinuxLimits.MaxTotalBytes)
        {
            throw new BootConfigException(
                $"{GuestText.Display(file.ToString())}: the configuration names more than {SyslinuxLimits.MaxFiles} files, or {SyslinuxLimits.MaxTotalBytes} bytes in them");
        }

        return GuestText.FromBytes(bytes);
    }
}
