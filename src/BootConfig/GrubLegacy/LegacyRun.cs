namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>Runs an entry's commands (run_script of GRUB 0.97) and holds what came of it.</summary>
internal sealed class LegacyRun
{
    /// <summary>Values of <c>kernel --type=</c> that GRUB 0.97 knows.</summary>
    private static readonly HashSet<string> Types = ["netbsd", "freebsd", "openbsd", "linux", "biglinux", "multiboot"];

    private readonly LegacyMenu _menu;
    private readonly List<string> _modules = [];
    private IBootVolume _root;
    private BootFile? _kernel;
    private string _kernelArguments = string.Empty;
    private string? _type;
    private BootFile? _initrd;
    private List<BootFile> _moduleFiles = [];
    private BootPlan _plan = new OtherBoot("no kernel");
    private bool _done;

    private LegacyRun(LegacyMenu menu)
    {
        _menu = menu;
        _root = menu.File.Volume;
    }

    /// <summary>What it boots; nothing of worth where <see cref="Problem"/> is set.</summary>
    public BootPlan Plan => _plan;

    /// <summary>Why a command failed, which ends the entry; else null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The other menu that it leads to, or null.</summary>
    public BootFile? ConfigFile { get; private set; }

    /// <summary>Runs the commands up to the first that fails or never comes back.</summary>
    public static LegacyRun Execute(LegacyMenu menu, LegacyStanza stanza)
    {
        LegacyRun run = new(menu);
        foreach (LegacyLine line in stanza.Lines)
        {
            run.Command(line);
            if (run._done || run.Problem is not null)
            {
                return run;
            }
        }

        run.Boot();
        return run;
    }

    private void Command(LegacyLine line)
    {
        switch (line.Command)
        {
            case "root" or "rootnoverify":
                SetRoot(line, line.Argument);
                break;
            case "uuid":
                SetRootWhere(line, volume => string.Equals(volume.Uuid, LegacyLine.FirstWord(line.Argument), StringComparison.OrdinalIgnoreCase));
                break;
            case "findroot":
                FindRoot(line);
                break;
            case "find":
                Find(line);
                break;
            case "kernel" or "kernel$":
                Kernel(line);
                break;
            case "initrd":
                _initrd = Resolve(line, LegacyLine.FirstWord(line.Argument));
                break;
            case "module" or "modulenounzip" or "module$":
                AddModule(line);
                break;
            case "chainloader":
                _kernel = null;
                _plan = new OtherBoot($"chainloader {GuestText.Display(line.Argument.TrimEnd(' '))}");
                break;
            case "configfile":
                ConfigFile = Resolve(line, LegacyLine.FirstWord(line.Argument));
                _done = true;
                break;
            case "boot":
                Boot();
                _done = true;
                break;
            case "halt" or "reboot" or "quit":
                _plan = new OtherBoot(line.Command);
                _done = true;
                break;
            default:
                break; // makeactive, map, hide, lock, savedefault, pause …: nothing that changes which Linux boots.
        }
    }

    /// <summary>Sets the root device. pygrub never looks at it: where the guest has no such device, the menu's own volume is meant.</summary>
    private void SetRoot(LegacyLine line, string argument)
    {
        if (argument.Length == 0)
        {
            return; // Without an argument it prints the current one.
        }

        string word = LegacyLine.FirstWord(argument);
        if (!LegacyDevice.TrySplit(word, out string? device, out _))
        {
            Fail(line, $"root {GuestText.Display(word)}: the bracket is not closed");
            return;
        }

        if (LegacyDevice.Find(_menu.Host, device ?? word) is { } volume)
        {
            _root = volume;
            return;
        }

        _root = _menu.File.Volume;
        _menu.Warn(line, $"the guest has no {GuestText.Display(word)}: taken as ({_root.GrubName}), which holds this file");
    }

    private void SetRootWhere(LegacyLine line, Func<IBootVolume, bool> matches)
    {
        foreach (IBootVolume volume in _menu.Host.Volumes)
        {
            if (volume.Unreadable is null && matches(volume))
            {
                _root = volume;
                return;
            }
        }

        _root = _menu.File.Volume;
        _menu.Warn(
            line, $"no filesystem for {line.Command} {GuestText.Display(line.Argument)}: taken as ({_root.GrubName}), which holds this file");
    }

    /// <summary>Solaris: <c>findroot (NAME[,partition[,slice]])</c> is the volume with /boot/grub/bootsign/NAME.</summary>
    private void FindRoot(LegacyLine line)
    {
        string name = line.Argument.Trim('(', ')', ' ').Split(',')[0];
        SetRootWhere(line, volume => volume.Stat("/boot/grub/bootsign/" + name) is not null);
    }

    /// <summary><c>find --set-root [--ignore-floppies] [--ignore-cd] FILE</c>; without --set-root it only prints.</summary>
    private void Find(LegacyLine line)
    {
        string rest = line.Argument;
        bool sets = false;
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            sets |= LegacyLine.FirstWord(rest) == "--set-root";
            rest = LegacyLine.AfterFirstWord(rest);
        }

        if (sets)
        {
            string path = LegacyLine.FirstWord(rest);
            SetRootWhere(line, volume => volume.Stat(path) is { IsDirectory: false });
        }
    }

    private void Kernel(LegacyLine line)
    {
        string rest = line.Argument;
        _type = null;
        while (rest.StartsWith("--type=", StringComparison.Ordinal) || rest.StartsWith("--no-mem-option", StringComparison.Ordinal))
        {
            string option = LegacyLine.FirstWord(rest);
            if (option.StartsWith("--type=", StringComparison.Ordinal))
            {
                _type = option["--type=".Length..];
                if (!Types.Contains(_type))
                {
                    Fail(line, $"kernel {GuestText.Display(option)}: no such type");
                    return;
                }
            }

            rest = LegacyLine.AfterFirstWord(rest);
        }

        _kernelArguments = LegacyLine.AfterFirstWord(rest);
        _kernel = Resolve(line, LegacyLine.FirstWord(rest));
        _modules.Clear();
        _moduleFiles = [];
        _plan = new OtherBoot("no kernel");
        if (line.Command == "kernel$")
        {
            _type = "multiboot"; // Solaris expands $ISADIR; there is no Linux behind it.
        }
    }

    private void AddModule(LegacyLine line)
    {
        if (Resolve(line, LegacyLine.FirstWord(line.Argument)) is { } file)
        {
            _modules.Add(LegacyLine.AfterFirstWord(line.Argument));
            _moduleFiles.Add(file);
        }
    }

    private void Boot()
    {
        if (_kernel is null)
        {
            return;
        }

        if (_moduleFiles.Count == 0 && _type is null or "linux" or "biglinux")
        {
            _plan = new LinuxBoot(_kernel, _initrd is null ? [] : [_initrd], _kernelArguments, Hypervisor: null);
        }
        else if (_moduleFiles.Count > 0 && XenStanza.IsLinuxUnderXen(_kernel, _moduleFiles[0]))
        {
            // Xen takes the first module as dom0's kernel and the second as its ramdisk.
            _plan = new LinuxBoot(_moduleFiles[0], _moduleFiles.Count > 1 ? [_moduleFiles[1]] : [], _modules[0], _kernel);
        }
        else
        {
            _plan = new OtherBoot($"{_type ?? "multiboot"} kernel {GuestText.Display(_kernel.Path)}");
        }
    }

    /// <summary>
    /// The file of a path with or without a device. Where it isn't on the device that GRUB would read but is on the
    /// menu's own volume, it is that one: pygrub reads everything there, and menus that were kept for it boot so.
    /// </summary>
    private BootFile? Resolve(LegacyLine line, string word)
    {
        if (!LegacyDevice.TrySplit(word, out string? device, out string path) || path is not ['/', ..])
        {
            Fail(line, $"{line.Command} {GuestText.Display(word)}: the file's name must begin with a slash");
            return null;
        }

        IBootVolume own = _menu.File.Volume;
        IBootVolume? volume = device is null ? _root : LegacyDevice.Find(_menu.Host, device);
        if (volume is null || (volume != own && volume.Stat(path) is null))
        {
            if (own.Stat(path) is not null)
            {
                _menu.Warn(
                    line,
                    $"{GuestText.Display(path)} is not on ({GuestText.Display(device ?? volume!.GrubName)}): taken from ({own.GrubName}), which holds this file");
                volume = own;
            }
            else if (volume is null)
            {
                Fail(line, $"{line.Command} {GuestText.Display(word)}: the guest has no such device");
                return null;
            }
        }

        return new BootFile(volume, path);
    }

    private void Fail(LegacyLine line, string problem) => Problem = $"{_menu.Place(line.Number)}: {problem}";
}
