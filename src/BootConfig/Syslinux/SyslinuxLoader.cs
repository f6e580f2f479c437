using System.Globalization;

namespace BlockRbd.BootConfig.Syslinux;

/// <summary>One configuration with its menus, and which of its labels boots by itself.</summary>
internal sealed class SyslinuxLoader
{
    private readonly SyslinuxSession _session;
    private readonly SyslinuxParser _parser;
    private readonly BootFile _folder;
    private readonly SyslinuxLoader? _above;
    private readonly string _prefix;
    private IReadOnlyList<SyslinuxEntry>? _top;

    private SyslinuxLoader(SyslinuxSession session, BootFile file, BootFile folder, SyslinuxLoader? above, string prefix)
    {
        _session = session;
        _folder = folder;
        _above = above;
        _prefix = prefix;
        IsIsolinux = file.Path.EndsWith("isolinux.cfg", StringComparison.OrdinalIgnoreCase);
        File = file;
        _parser = SyslinuxParser.Read(session, file, folder);
    }

    /// <summary>The configuration's file.</summary>
    public BootFile File { get; }

    /// <summary>Whether the loader is ISOLINUX, which knows more kinds of files.</summary>
    public bool IsIsolinux { get; }

    /// <summary>The lines of the outermost menu.</summary>
    public IReadOnlyList<SyslinuxEntry> TopEntries => _top ??= Entries(_parser.Root, _prefix);

    /// <summary>Whether a menu is shown: UI, or DEFAULT names a module that shows one, as configurations did before there was UI.</summary>
    private bool ShowsMenu => _parser.Ui is not null || (_parser.Default is { } name && Find(name) is null && SyslinuxPlan.IsMenuModule(name));

    /// <summary>Seconds until the default boots; null where the loader waits.</summary>
    public int? TimeoutSeconds => !ShowsMenu && !_parser.Prompts ? 0 : _parser.Timeout > 0 ? (_parser.Timeout + 9) / 10 : null;

    /// <summary>As GRUB's timeout_style.</summary>
    public string TimeoutStyle => ShowsMenu && !_parser.IsHidden ? "menu" : "hidden";

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="BootConfigException">It isn't there, or a limit is reached.</exception>
    public static SyslinuxLoader Read(SyslinuxSession session, BootFile file) => new(session, file, FolderOf(file), above: null, prefix: string.Empty);

    /// <summary>The configuration that a label leads to.</summary>
    /// <exception cref="BootConfigException">It isn't there, is open already, has no menu, or a limit is reached.</exception>
    public SyslinuxLoader Below(SyslinuxLabel label, string name, string prefix)
    {
        BootFile file = Resolve(label, name);
        int depth = 0;
        for (SyslinuxLoader? open = this; open is not null; open = open._above)
        {
            if (open.File == file)
            {
                throw new BootConfigException($"leads back to the menu of {GuestText.Display(file.ToString())}");
            }

            if (++depth > SyslinuxLimits.MaxDepth)
            {
                throw new BootConfigException($"more than {SyslinuxLimits.MaxDepth} configurations lead to each other");
            }
        }

        string directory = label.Kind == SyslinuxKind.Config ? label.Kernel[name.Length..].Trim(' ', '\t') : string.Empty;
        BootFile folder = directory.Length > 0 ? Resolve(label, directory) : _folder; // "CONFIG file directory" changes into it
        SyslinuxLoader below = new(_session, file, folder, this, prefix);
        return below.ShowsMenu || !below._parser.Prompts
            ? below
            : throw new BootConfigException($"leads to the prompt of {GuestText.Display(file.ToString())}, which has no menu");
    }

    /// <summary>A label by its name, or by the first word of what is asked for, as the loader takes it.</summary>
    public SyslinuxNode? Find(string name) =>
        _parser.Labels.GetValueOrDefault(name) ?? _parser.Labels.GetValueOrDefault(SyslinuxParser.FirstWord(name));

    /// <summary>The file of a name in a label.</summary>
    /// <exception cref="BootConfigException">It names a partition that the guest hasn't got.</exception>
    public BootFile Resolve(SyslinuxLabel label, string name) => SyslinuxPaths.Resolve(_session.Host, label.Folder, name);

    /// <summary>A menu's lines as entries; a submenu without any is left out.</summary>
    public IReadOnlyList<SyslinuxEntry> Entries(SyslinuxMenu menu, string prefix)
    {
        List<SyslinuxEntry> entries = [];
        foreach (SyslinuxNode node in menu.Nodes.Where(HasLabels))
        {
            entries.Add(new SyslinuxEntry(this, node, prefix + entries.Count.ToString(CultureInfo.InvariantCulture)));
        }

        return entries;
    }

    /// <summary>What a menu boots by itself: MENU DEFAULT, else its first line.</summary>
    public static SyslinuxEntry? DefaultOf(SyslinuxMenu menu, IReadOnlyList<SyslinuxEntry> entries)
    {
        SyslinuxEntry? entry = entries.FirstOrDefault(entry => entry.Node == menu.Default) ?? (entries.Count > 0 ? entries[0] : null);
        return entry is { IsSubmenu: true } ? entry.DefaultEntry : entry;
    }

    /// <summary>The label that boots by itself, and why.</summary>
    public (SyslinuxEntry? Entry, string Reason) ChooseDefault()
    {
        if (_parser.OnTimeout is { Length: > 0 } command && TimeoutSeconds is > 0)
        {
            return (Named(command), $"ontimeout is \"{GuestText.Display(command)}\", for after {TimeoutSeconds} s");
        }

        if (_parser.Default is { Length: > 0 } name && (Find(name) is not null || !ShowsMenu))
        {
            return (Named(name), $"default is \"{GuestText.Display(name)}\"");
        }

        SyslinuxEntry? entry = EntryOf(_parser.Start.Default ?? _parser.Start.Nodes.FirstOrDefault(HasLabels));
        string why = _parser.Start.Default is not null ? "it has \"menu default\"" : ShowsMenu ? "no default: the menu's first label" : "no default: the first label";
        return (entry is { IsSubmenu: true } ? entry.DefaultEntry : entry, why);
    }

    /// <summary>A label's entry; else what DEFAULT names is a kernel with its arguments, behind those of the global APPEND.</summary>
    private SyslinuxEntry? Named(string command)
    {
        if (Find(command) is { } node)
        {
            SyslinuxEntry? entry = EntryOf(node);
            return entry is { IsSubmenu: true } ? entry.DefaultEntry : entry;
        }

        string kernel = SyslinuxParser.FirstWord(command);
        return new SyslinuxEntry(
            this,
            new SyslinuxNode
            {
                Title = command,
                Label = new SyslinuxLabel
                {
                    Name = kernel, Written = kernel, Place = File.ToString(), Folder = _folder, Kernel = kernel,
                    Append = $"{_parser.GlobalAppend} {command[kernel.Length..].Trim(' ', '\t')}".Trim(' '),
                },
            },
            _prefix + "default");
    }

    private SyslinuxEntry? EntryOf(SyslinuxNode? node)
    {
        if (node is null)
        {
            return null;
        }

        // A hidden label is in no menu; it boots all the same.
        return EntryOf(node, TopEntries) ?? new SyslinuxEntry(this, node, _prefix + "hidden");
    }

    private static SyslinuxEntry? EntryOf(SyslinuxNode node, IReadOnlyList<SyslinuxEntry> entries)
    {
        foreach (SyslinuxEntry entry in entries)
        {
            if (entry.Node == node)
            {
                return entry;
            }

            if (entry.Node.Submenu is not null && EntryOf(node, [.. entry.Children.Cast<SyslinuxEntry>()]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool HasLabels(SyslinuxNode node) => node.Submenu is not { } submenu || submenu.Nodes.Any(HasLabels);

    private static BootFile FolderOf(BootFile file) => file with { Path = file.Path[..Math.Max(file.Path.LastIndexOf('/'), 0)] };
}
