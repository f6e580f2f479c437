using System.Globalization;

namespace BlockRbd.BootConfig.Syslinux;

/// <summary>Reads a configuration as ldlinux does (com32/elflink/ldlinux/readconfig.c of SYSLINUX 6, parse_config_file).</summary>
internal sealed class SyslinuxParser
{
    private static readonly Dictionary<string, SyslinuxKind> Kinds = new()
    {
        ["kernel"] = SyslinuxKind.Kernel,
        ["linux"] = SyslinuxKind.Linux,
        ["localboot"] = SyslinuxKind.LocalBoot,
        ["boot"] = SyslinuxKind.Boot,
        ["bss"] = SyslinuxKind.Bss,
        ["pxe"] = SyslinuxKind.Pxe,
        ["fdimage"] = SyslinuxKind.FdImage,
        ["comboot"] = SyslinuxKind.ComBoot,
        ["com32"] = SyslinuxKind.Com32,
        ["config"] = SyslinuxKind.Config,
    };

    /// <summary>Not string.Trim(): a no-break space's byte is part of other letters in UTF-8.</summary>
    private static readonly char[] Blanks = [' ', '\t', '\v', '\f'];

    private readonly SyslinuxSession _session;
    private readonly BootFile _folder;
    private readonly Dictionary<string, SyslinuxNode> _labels = [];
    private SyslinuxMenu _menu;
    private SyslinuxLabel? _label;
    private string? _append;

    private SyslinuxParser(SyslinuxSession session, BootFile folder, string place)
    {
        _session = session;
        _folder = folder;
        Root = _menu = Start = new SyslinuxMenu(parent: null, opener: null, place);
    }

    /// <summary>The outermost menu.</summary>
    public SyslinuxMenu Root { get; }

    /// <summary>The menu that is shown first: MENU START.</summary>
    public SyslinuxMenu Start { get; private set; }

    /// <summary>Every label, hidden ones too.</summary>
    public IReadOnlyDictionary<string, SyslinuxNode> Labels => _labels;

    /// <summary>DEFAULT; null where there is none.</summary>
    public string? Default { get; private set; }

    /// <summary>UI; null where there is none.</summary>
    public string? Ui { get; private set; }

    /// <summary>ONTIMEOUT; null where there is none.</summary>
    public string? OnTimeout { get; private set; }

    /// <summary>TIMEOUT in tenths of a second; 0 waits for ever.</summary>
    public int Timeout { get; private set; }

    /// <summary>PROMPT 1: the loader waits at "boot:" although no key is held.</summary>
    public bool Prompts { get; private set; }

    /// <summary>MENU HIDDEN.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>APPEND outside of labels, as it stood last.</summary>
    public string? GlobalAppend => _append;

    /// <summary>Reads a configuration and all that it includes.</summary>
    /// <param name="session">Counts what is read.</param>
    /// <param name="file">The configuration.</param>
    /// <param name="folder">The directory that names are relative to, in included files too.</param>
    /// <exception cref="BootConfigException">It isn't there, or a limit is reached.</exception>
    public static SyslinuxParser Read(SyslinuxSession session, BootFile file, BootFile folder)
    {
        string text = session.Read(file) ?? throw new BootConfigException($"names {GuestText.Display(file.ToString())}, which is not there");
        SyslinuxParser parser = new(session, folder, file.ToString());
        parser.ReadLines(file, text, depth: 0);
        parser.Record();
        return parser;
    }

    private void ReadLines(BootFile file, string text, int depth)
    {
        int number = 0;
        bool help = false;
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            number++;
            string line = text[range];
            int end = line.AsSpan().IndexOfAny('\r', '\0');
            (string word, string rest) = Cut(end < 0 ? line : line[..end]);
            if (help)
            {
                help = word != "endtext";
            }
            else if (word == "text")
            {
                help = true;
            }
            else
            {
                Statement(word, rest, string.Create(CultureInfo.InvariantCulture, $"{file}:{number}"), depth);
            }
        }
    }

    private void Statement(string word, string rest, string place, int depth)
    {
        switch (word)
        {
            case "menu":
                (string command, string argument) = Cut(rest);
                MenuStatement(command, argument, place, depth);
                break;
            case "include":
                Include(rest, place, depth);
                break;
            case "label":
                Record();
                string name = FirstWord(rest);
                _label = new SyslinuxLabel { Name = name, Written = rest, Kernel = name, Place = place, Folder = _folder };
                break;
            case "append" when _label is null:
                _append = rest;
                break;
            case "timeout":
                Timeout = Number(rest);
                break;
            case "ontimeout":
                OnTimeout = rest;
                break;
            case "default":
                Default = rest;
                break;
            case "ui":
                Ui = rest;
                break;
            case "prompt":
                Prompts = Number(rest) != 0;
                break;
            default:
                LabelStatement(word, rest);
                break;
        }
    }

    private void LabelStatement(string word, string rest)
    {
        if (_label is not { } label)
        {
            return;
        }

        if (Kinds.TryGetValue(word, out SyslinuxKind kind))
        {
            label.Kind = kind;
            label.Kernel = rest;
            return;
        }

        switch (word)
        {
            case "append":
                label.Append = rest;
                break;
            case "initrd":
                label.Initrd = rest;
                break;
            case "fdt" or "devicetree": // U-Boot's extlinux.conf (doc/README.distro)
                label.DeviceTree = rest;
                break;
            default:
                break;
        }
    }

    private void MenuStatement(string word, string rest, string place, int depth)
    {
        switch (word)
        {
            case "label" or "title" or "default" or "hide" or "disable" or "disabled" or "quit" or "goto" or "exit":
                MenuProperty(word, rest);
                break;
            case "hidden":
                IsHidden = true;
                break;
            case "start":
                Start = _menu;
                break;
            case "separator":
                Record();
                break;
            case "begin":
                Begin(rest, place);
                break;
            case "end":
                End();
                break;
            case "include":
                string tag = rest[FirstWord(rest).Length..].Trim(Blanks);
                if (tag.Length > 0)
                {
                    Begin(tag, place);
                }

                Include(rest, place, depth);
                if (tag.Length > 0)
                {
                    End();
                }

                break;
            default:
                break;
        }
    }

    private void MenuProperty(string word, string rest)
    {
        switch (word)
        {
            case "label" when _label is not null:
                _label.MenuLabel = rest;
                break;
            case "label" when _menu.Opener is { } opener:
                opener.Title = rest;
                break;
            case "title":
                if (_menu.Opener is { } own && (own.Title.Length == 0 || own.Title == _menu.Title))
                {
                    own.Title = rest; // MENU TITLE names the line of a submenu that has no MENU LABEL
                }

                _menu.Title = rest;
                break;
            case "default" when _label is not null:
                _label.IsMenuDefault = true;
                break;
            case "default" when _menu is { Parent: { } parent, Opener: { } line }:
                parent.Default = line;
                break;
            case "hide" when _label is not null:
                _label.IsHidden = true;
                break;
            case "disable" or "disabled" or "quit" or "goto" or "exit" when _label is not null:
                _label.IsNavigation = true;
                break;
            default:
                break;
        }
    }

    private void Begin(string tag, string place)
    {
        Record();
        _session.CountEntry(place);
        if (_menu.Depth == SyslinuxLimits.MaxMenuDepth)
        {
            throw new BootConfigException($"{GuestText.Display(place)}: menus nest deeper than {SyslinuxLimits.MaxMenuDepth}");
        }

        SyslinuxNode node = new() { Title = tag };
        node.Submenu = new SyslinuxMenu(_menu, node, place) { Title = tag };
        _menu.Nodes.Add(node);
        _menu = node.Submenu;
    }

    private void End()
    {
        Record();
        _menu = _menu.Parent ?? _menu;
    }

    private void Include(string rest, string place, int depth)
    {
        if (depth == SyslinuxLimits.MaxDepth)
        {
            throw new BootConfigException($"{GuestText.Display(place)}: INCLUDE nests deeper than {SyslinuxLimits.MaxDepth}");
        }

        BootFile file = SyslinuxPaths.Resolve(_session.Host, _folder, FirstWord(rest));
        if (_session.Read(file) is { } text)
        {
            ReadLines(file, text, depth + 1);
        }
        else
        {
            _session.Warn($"{GuestText.Display(place)}: {GuestText.Display(file.ToString())} is not there"); // the loader says nothing
        }
    }

    /// <summary>record(): a label ends where the next one begins, a menu does, or the file is over.</summary>
    private void Record()
    {
        if (_label is not { } label)
        {
            return;
        }

        _label = null;
        _session.CountEntry(label.Place);
        label.Append ??= _append; // a label's own APPEND replaces the global one
        label.Append = label.Append is null or "-" ? string.Empty : label.Append;
        if (label.IsNavigation)
        {
            return;
        }

        SyslinuxNode node = new() { Title = label.MenuLabel ?? label.Written, Label = label };
        _labels.TryAdd(label.Name, node); // find_label: the first one counts
        _labels.TryAdd(label.Written, node);
        if (!label.IsHidden)
        {
            _menu.Nodes.Add(node);
            _menu.Default = label.IsMenuDefault ? node : _menu.Default;
        }
    }

    /// <summary>looking_at(): a word, whatever its case, up to a blank; all but its first characters as written.</summary>
    private static (string Word, string Argument) Cut(string line)
    {
        string text = line.Trim(Blanks);
        string word = FirstWord(text);
        return (word.ToLowerInvariant(), text[word.Length..].TrimStart(Blanks));
    }

    internal static string FirstWord(string text)
    {
        int end = 0;
        while (end < text.Length && text[end] > ' ') // my_isspace: everything up to the blank
        {
            end++;
        }

        return text[..end];
    }

    /// <summary>atoi.</summary>
    private static int Number(string text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        return int.TryParse(text.AsSpan(0, length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }
}
