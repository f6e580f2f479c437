using System.Globalization;

namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>A menu file with its entries, and which of them boots by itself.</summary>
internal sealed class LegacyMenu
{
    private readonly List<LegacyEntry> _entries = [];
    private readonly List<LegacyEntry> _fallbacks = [];
    private readonly int _default;

    private LegacyMenu(LegacySession session, BootFile file, LegacyEntry? parent, int depth, string text)
    {
        Session = session;
        File = file;
        Depth = depth;
        Config = LegacyConfig.Parse(text, file);
        string prefix = parent is null ? string.Empty : parent.Index + ">";
        foreach (LegacyStanza stanza in Config.Stanzas)
        {
            _entries.Add(new LegacyEntry(this, stanza, prefix + _entries.Count.ToString(CultureInfo.InvariantCulture)));
        }

        (_default, DefaultReason) = ChooseDefault();
        foreach (int number in Config.Fallbacks)
        {
            if (number < _entries.Count && number != _default)
            {
                _fallbacks.Add(_entries[number]);
            }
        }
    }

    /// <summary>The guest's volumes.</summary>
    public IBootHost Host => Session.Host;

    /// <summary>The file.</summary>
    public BootFile File { get; }

    /// <summary>What the file says.</summary>
    public LegacyConfig Config { get; }

    /// <summary>How many <c>configfile</c> led here.</summary>
    public int Depth { get; }

    /// <summary>The entries in order.</summary>
    public IReadOnlyList<LegacyEntry> Entries => _entries;

    /// <summary>Why <see cref="DefaultEntry"/> is the one.</summary>
    public string DefaultReason { get; }

    /// <summary>What is tried in turn when the default fails.</summary>
    public IReadOnlyList<LegacyEntry> Fallbacks => _fallbacks;

    /// <summary>The entry that boots by itself, through <c>configfile</c> to the other menu's own; null in an empty menu.</summary>
    public LegacyEntry? DefaultEntry
    {
        get
        {
            LegacyEntry? entry = _entries.Count == 0 ? null : _entries[_default];
            return entry is { IsSubmenu: true } ? entry.Submenu!.DefaultEntry : entry;
        }
    }

    private LegacySession Session { get; }

    /// <summary>Reads a menu file.</summary>
    /// <exception cref="BootConfigException">It isn't there, or menus nest too deep.</exception>
    public static LegacyMenu Load(LegacySession session, BootFile file, LegacyEntry? parent, int depth)
    {
        if (depth > LegacyLimits.MaxConfigDepth || session.Menus == LegacyLimits.MaxMenus)
        {
            throw new BootConfigException(
                $"{GuestText.Display(file.ToString())}: configfile leads through more than {LegacyLimits.MaxConfigDepth} menus, or {LegacyLimits.MaxMenus} in all");
        }

        session.Menus++;

        byte[] bytes = file.Volume.ReadFile(file.Path, LegacyLimits.MaxConfigBytes)
            ?? throw new BootConfigException($"{GuestText.Display(file.ToString())}: file not found");
        return new LegacyMenu(session, file, parent, depth, GuestText.FromBytes(bytes));
    }

    /// <summary>The menu that an entry's <c>configfile</c> names, the next one deeper.</summary>
    public LegacyMenu LoadBelow(LegacyEntry entry, BootFile file) => Load(Session, file, entry, Depth + 1);

    /// <summary>Keeps a complaint, with the line it is about.</summary>
    public void Warn(LegacyLine line, string problem) => Session.Warn($"{Place(line.Number)}: {problem}");

    /// <summary>"(hd0,msdos1)/boot/grub/menu.lst:12:1"; GRUB legacy counts no columns.</summary>
    public string Place(int line) => string.Create(CultureInfo.InvariantCulture, $"{GuestText.Display(File.ToString())}:{line}:1");

    private (int Number, string Reason) ChooseDefault()
    {
        int chosen = Config.Default;
        string reason = Config.DefaultLine is null ? "default is not set" : $"default is {chosen}";
        if (Config.IsDefaultSaved)
        {
            BootFile saved = new(File.Volume, File.Path[..(File.Path.LastIndexOf('/') + 1)] + "default");
            int? number = ReadSaved(saved);
            chosen = number ?? 0;
            string where = GuestText.Display(saved.ToString());
            reason = number is null
                ? $"default is saved, and {where} holds no number: the first entry"
                : $"default is saved, and {where} says {chosen}";
        }
        else if (Config.DefaultLine is null)
        {
            reason += ": the first entry";
        }

        if (chosen < _entries.Count)
        {
            return (chosen, reason);
        }

        // cmain: a default that isn't there is replaced by the first fallback that is, else by entry 0.
        int instead = Config.Fallbacks.FirstOrDefault(number => number < _entries.Count);
        return (instead, $"{reason}, but there are only {_entries.Count} entries: entry {instead}");
    }

    /// <summary>The number in the file "default" that <c>savedefault</c> writes; GRUB looks at its first nine bytes.</summary>
    private int? ReadSaved(BootFile saved)
    {
        try
        {
            if (saved.Volume.ReadFile(saved.Path, LegacyLimits.MaxDefaultFileBytes) is not { } bytes)
            {
                return null;
            }

            string text = GuestText.FromBytes(bytes.AsSpan(0, Math.Min(bytes.Length, 9)));
            return LegacyLine.Number32(ref text);
        }
        catch (GuestDisk.ImageFormatException e)
        {
            Session.Warn($"{GuestText.Display(saved.ToString())}: {e.Message}");
            return null;
        }
    }
}
