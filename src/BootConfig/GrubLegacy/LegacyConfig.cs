namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>A menu.lst as written: titles with their commands, and what the commands before the first title set.</summary>
internal sealed class LegacyConfig
{
    /// <summary>
    /// Commands of GRUB 0.97, and those that Debian, Ubuntu, SUSE, Fedora and Solaris added. Others are left out while the file is read,
    /// which matters where a title has nothing else: such an entry isn't in the menu.
    /// </summary>
    private static readonly HashSet<string> Known =
    [
        "background", "blocklist", "boot", "bootfs", "bootp", "cat", "chainloader", "clear", "cmp", "color", "configfile", "debug",
        "default", "device", "dhcp", "displayapm", "displaymem", "embed", "fallback", "find", "findroot", "foreground", "fstest",
        "geometry", "gfxmenu", "halt", "help", "hiddenmenu", "hide", "ifconfig", "impsprobe", "initrd", "install", "ioprobe",
        "kernel", "kernel$", "lock", "makeactive", "map", "md5crypt", "module", "module$", "modulenounzip", "pager",
        "partnew", "parttype", "password", "pause", "quiet", "quit", "rarp", "read", "reboot", "root", "rootnoverify", "savedefault",
        "serial", "setkey", "setup", "setvbe", "shade", "splashimage", "terminal", "terminfo", "testload", "testvbe", "tftpserver", "timeout",
        "title", "unhide", "uppermem", "uuid", "vbeprobe", "verbose", "viewport", "wait",
    ];

    private readonly List<LegacyStanza> _stanzas = [];
    private readonly List<int> _fallbacks = [];

    private LegacyConfig()
    {
    }

    /// <summary>The entries.</summary>
    public IReadOnlyList<LegacyStanza> Stanzas => _stanzas;

    /// <summary><c>default</c>; 0 where it isn't set.</summary>
    public int Default { get; private set; }

    /// <summary>The line with the <c>default</c> that counts; null where there is none.</summary>
    public LegacyLine? DefaultLine { get; private set; }

    /// <summary>Whether <c>default saved</c> is what counts.</summary>
    public bool IsDefaultSaved { get; private set; }

    /// <summary><c>fallback</c>: numbers of entries, as written but each once.</summary>
    public IReadOnlyList<int> Fallbacks => _fallbacks;

    /// <summary><c>timeout</c> in seconds; null where it isn't set: the menu waits.</summary>
    public int? Timeout { get; private set; }

    /// <summary><c>hiddenmenu</c>.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>The argument of <c>password</c>: "[--md5] PASSWORD [FILE]"; null where there is none.</summary>
    public string? Password { get; private set; }

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="BootConfigException">More entries than <see cref="LegacyLimits.MaxEntries"/>.</exception>
    public static LegacyConfig Parse(string text, BootFile file)
    {
        LegacyConfig config = new();
        LegacyStanza? stanza = null;
        foreach (LegacyLine line in LegacyLine.Read(text))
        {
            if (line.Command == "title")
            {
                config.Add(stanza, file);
                stanza = new LegacyStanza(line.Argument.TrimEnd(' '), line.Number, []);
            }
            else if (stanza is null)
            {
                config.Set(line);
            }
            else if (Known.Contains(line.Command))
            {
                stanza.Lines.Add(line);
            }
        }

        config.Add(stanza, file);
        return config;
    }

    private void Add(LegacyStanza? stanza, BootFile file)
    {
        if (stanza is null || stanza.Lines.Count == 0)
        {
            return; // cmain: a title that no command follows is taken back.
        }

        if (_stanzas.Count == LegacyLimits.MaxEntries)
        {
            throw new BootConfigException($"{GuestText.Display(file.ToString())}: more than {LegacyLimits.MaxEntries} entries");
        }

        _stanzas.Add(stanza);
    }

    /// <summary>A command before the first title. One with a bad argument changes nothing.</summary>
    private void Set(LegacyLine line)
    {
        string argument = line.Argument.TrimEnd(' ');
        switch (line.Command)
        {
            case "default" when argument == "saved":
                IsDefaultSaved = true;
                DefaultLine = line;
                break;
            case "default" when LegacyLine.Number32(ref argument) is { } number:
                IsDefaultSaved = false;
                Default = number;
                DefaultLine = line;
                break;
            case "timeout" when LegacyLine.Number32(ref argument) is { } seconds:
                Timeout = seconds;
                break;
            case "fallback":
                SetFallbacks(argument);
                break;
            case "hiddenmenu":
                IsHidden = true;
                break;
            case "password" when argument.Length > 0:
                Password = argument;
                break;
            default:
                break;
        }
    }

    private void SetFallbacks(string argument)
    {
        _fallbacks.Clear();
        while (argument.Length > 0 && _fallbacks.Count < LegacyLimits.MaxFallbacks && LegacyLine.Number32(ref argument) is { } number)
        {
            if (!_fallbacks.Contains(number))
            {
                _fallbacks.Add(number);
            }

            argument = LegacyLine.AfterFirstWord(argument);
        }
    }
}

/// <summary>A title and the commands below it.</summary>
/// <param name="Title">The title.</param>
/// <param name="Number">The title's line in the file, from 1.</param>
/// <param name="Lines">The commands.</param>
internal sealed record LegacyStanza(string Title, int Number, List<LegacyLine> Lines);
