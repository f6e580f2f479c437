using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// GRUB running a script: its variables, functions, menu and what is loaded. It can read files of the host's volumes
/// and nothing else. One machine is one run; an entry gets its own one with a copy of the state.
/// </summary>
internal sealed partial class GrubMachine
{
    private readonly Messages _messages;
    private readonly Dictionary<string, Statement> _functions;
    private readonly List<MenuUser> _users;
    private GrubMenu _menu;
    private int _stepsLeft;
    private int _outputLeft;

    public GrubMachine(IBootHost host, Grub2Options options, Messages messages, MachineState state)
    {
        Loops = new LoopDevices(host, state.Loops);
        Options = options;
        _messages = messages;
        _functions = new Dictionary<string, Statement>(state.Functions);
        _users = [.. state.Users];
        Environment = state.Environment.Clone();
        Globbing = state.Globbing;
        HasBlscfgModule = state.HasBlscfgModule;
        _menu = new GrubMenu();
        _stepsLeft = options.Limits.Steps;
        _outputLeft = options.Limits.OutputCharacters;
    }

    /// <summary>The guest's volumes and those that the script made.</summary>
    public IBootHost Host => Loops;

    /// <summary>The devices that <c>loopback</c> made.</summary>
    public LoopDevices Loops { get; }

    public Grub2Options Options { get; }

    public GrubEnvironment Environment { get; private set; }

    /// <summary>Parameters of the function or entry that runs; null outside of any.</summary>
    public GrubScope? Scope { get; set; }

    /// <summary>Whether module regexp, which translates wildcards, is there.</summary>
    public bool Globbing { get; set; }

    /// <summary>Whether the script loaded Red Hat's module blscfg; GNU GRUB's is called blsuki.</summary>
    public bool HasBlscfgModule { get; set; }

    public LoadedSystem Loaded { get; } = new();

    /// <summary>The entries defined so far in this context.</summary>
    public GrubMenu Menu => _menu;

    /// <summary>Menus inside menus around this run.</summary>
    public int MenuDepth { get; init; }

    /// <summary>Messages of loader commands that failed, in order.</summary>
    public List<string> LoaderErrors { get; } = [];

    public bool KeepsHexEscapes => Options.RedHat.HasFlag(RedHatDeviations.KeepHexEscapes);

    /// <summary>A copy of what a later run starts with.</summary>
    public MachineState Capture() => new(Environment.Clone(), new Dictionary<string, Statement>(_functions), Globbing, HasBlscfgModule)
    {
        Users = [.. _users],
        Loops = Loops.Devices,
    };

    /// <summary>Names that stand for parameters and can't be set by assignment.</summary>
    public static bool IsSpecial(string name) => name is "#" or "*" or "@" || char.IsAsciiDigit(name.Length > 0 ? name[0] : ' ');

    /// <summary>Counts work; see <see cref="Grub2Limits.Steps"/>.</summary>
    /// <exception cref="BootConfigException">There was too much.</exception>
    public void Charge(int characters, ScriptPosition position)
    {
        _stepsLeft -= 1 + (characters / 32);
        if (_stepsLeft < 0)
        {
            throw new BootConfigException($"{position}: the script does not end within {Options.Limits.Steps} steps");
        }
    }

    /// <exception cref="BootConfigException">The words of one command have become too long.</exception>
    public void CheckWordLength(int characters, ScriptPosition position)
    {
        if (characters > Options.Limits.WordCharacters)
        {
            throw new BootConfigException($"{position}: words of more than {Options.Limits.WordCharacters} characters");
        }
    }

    /// <summary>Sets a variable.</summary>
    /// <exception cref="BootConfigException">All of them together have become too long.</exception>
    public void SetVariable(string name, string value, ScriptPosition position)
    {
        if (!Environment.Set(name, value))
        {
            throw new BootConfigException($"{position}: variables of more than {Options.Limits.VariableCharacters} characters");
        }
    }

    /// <summary>Prints as echo does.</summary>
    /// <exception cref="BootConfigException">The script prints without end.</exception>
    public void Print(string text, ScriptPosition position)
    {
        _outputLeft -= text.Length;
        if (_outputLeft < 0)
        {
            throw new BootConfigException($"{position}: the script prints more than {Options.Limits.OutputCharacters} characters");
        }

        Options.Output?.Invoke(text);
    }

    /// <summary>A warning that GRUB itself wouldn't give.</summary>
    public void Warn(ScriptPosition position, string message) => _messages.Add($"{position}: {message}");

    public void AddEntry(EntryDefinition entry)
    {
        if (_menu.Entries.Count == Options.Limits.Entries)
        {
            throw new BootConfigException($"{entry.Position}: more than {Options.Limits.Entries} menu entries");
        }

        _menu.Entries.Add(entry);
    }

    /// <summary>Gives somebody a password; the last one counts (grub_auth_register_authentication).</summary>
    /// <exception cref="BootConfigException">There are more than anybody has.</exception>
    public void AddUser(MenuUser user, ScriptPosition position)
    {
        _users.RemoveAll(other => other.Name == user.Name);
        if (_users.Count == Options.Limits.Users)
        {
            throw new BootConfigException($"{position}: more than {Options.Limits.Users} passwords");
        }

        _users.Add(user);
    }

    /// <summary>The volume of a device name, or of $root for null.</summary>
    /// <returns>Null after an error is set.</returns>
    public IBootVolume? OpenDevice(string? name, ScriptPosition position)
    {
        string? device = name ?? Environment.Get("root");
        if (string.IsNullOrEmpty(device))
        {
            Fail(GrubError.BadDevice, "variable `root' isn't set", position);
            return null;
        }

        if (GrubFiles.FindVolume(Host, device) is { } volume)
        {
            return volume;
        }

        string disk = device.Split(',')[0] + ",";
        if (Host.Volumes.Any(other => device.Contains(',') && other.GrubName.StartsWith(disk, StringComparison.Ordinal)))
        {
            Fail(GrubError.UnknownDevice, "no such partition", position);
        }
        else
        {
            Fail(GrubError.UnknownDevice, $"disk `{GuestText.Display(device)}' not found", position);
        }

        return null;
    }

    /// <summary>The regular file of a path "(device)/path" or "/path".</summary>
    /// <returns>Null after an error is set.</returns>
    public BootFile? OpenFile(string name, ScriptPosition position, bool mustExist = true)
    {
        ClearError();
        (string? device, string path) = GrubFiles.Split(name);
        if (device is null && name is ['(', ..])
        {
            Fail(GrubError.BadFilename, "missing `)' symbol", position);
            return null;
        }

        if (OpenDevice(device, position) is not { } volume || !TryLocate(volume, ref path, position))
        {
            return null;
        }

        if (path is not ['/', ..])
        {
            Fail(GrubError.BadFilename, $"invalid file name `{GuestText.Display(path)}'", position); // A block list: there are no such kernels.
            return null;
        }

        if (!mustExist)
        {
            return new BootFile(volume, path);
        }

        if (!CheckFilesystem(volume, position) || !TryStat(volume, path, position, out BootFileStat? stat))
        {
            return null;
        }

        if (stat is not { } found)
        {
            Fail(GrubError.FileNotFound, $"file `{GuestText.Display(path)}' not found", position);
            return null;
        }

        if (found.IsDirectory)
        {
            Fail(GrubError.BadFileType, "not a regular file", position);
            return null;
        }

        return new BootFile(volume, path);
    }

    /// <summary>A file's content.</summary>
    /// <returns>Null after an error is set.</returns>
    public string? ReadFile(BootFile file, ScriptPosition position)
    {
        try
        {
            byte[]? content = file.Volume.ReadFile(file.Path, Options.Limits.ScriptBytes);
            if (content is null)
            {
                Fail(GrubError.FileNotFound, $"file `{GuestText.Display(file.Path)}' not found", position);
                return null;
            }

            Charge(content.Length, position);
            return GuestText.FromBytes(content);
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
            Fail(GrubError.FileReadError, $"{GuestText.Display(file.ToString())} can't be read: {e.Message}", position);
            return null;
        }
    }

    /// <summary>Stat of "(device)/path"; null, and no error of GRUB's, where there is no such device or file.</summary>
    public BootFileStat? StatQuietly(string name, ScriptPosition position)
    {
        (string? device, string path) = GrubFiles.Split(name);
        IBootVolume? volume = GrubFiles.FindVolume(Host, device ?? Environment.Get("root") ?? "");
        if (volume is null || volume.Unreadable is not null)
        {
            return null;
        }

        try
        {
            return volume.Stat(BtrfsPaths.Locate(volume, path.StartsWith('/') ? path : "/" + path, Environment));
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
            Warn(position, $"{GuestText.Display(name)} can't be looked at: {e.Message}");
            return null;
        }
    }

    /// <summary>Names in the folder of "(device)/path/", or null.</summary>
    public IReadOnlyList<string>? ListQuietly(string name, ScriptPosition position)
    {
        (string? device, string path) = GrubFiles.Split(name);
        IBootVolume? volume = GrubFiles.FindVolume(Host, device ?? Environment.Get("root") ?? "");
        if (volume is null || volume.Unreadable is not null || !path.StartsWith('/'))
        {
            return null;
        }

        try
        {
            return volume.List(BtrfsPaths.Locate(volume, path, Environment));
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
            Warn(position, $"{GuestText.Display(name)} can't be listed: {e.Message}");
            return null;
        }
    }

    public bool ExistsQuietly(string name) => StatQuietly(name, default) is not null;

    /// <returns>False after an error is set.</returns>
    public bool CheckFilesystem(IBootVolume volume, ScriptPosition position)
    {
        if (volume.Unreadable is { } reason)
        {
            Fail(GrubError.UnknownFilesystem, $"unknown filesystem ({GuestText.Display(volume.GrubName)}: {reason})", position);
            return false;
        }

        return true;
    }

    /// <returns>False after an error is set.</returns>
    private bool TryLocate(IBootVolume volume, ref string path, ScriptPosition position)
    {
        try
        {
            path = BtrfsPaths.Locate(volume, path, Environment);
            return true;
        }
        catch (ImageFormatException e)
        {
            Fail(GrubError.FileReadError, $"{GuestText.Display(path)} can't be read: {e.Message}", position);
            return false;
        }
    }

    private bool TryStat(IBootVolume volume, string path, ScriptPosition position, out BootFileStat? stat)
    {
        stat = null;
        try
        {
            stat = volume.Stat(path);
            return true;
        }
        catch (Exception e) when (e is ImageFormatException or GuestPathException)
        {
            Fail(GrubError.FileReadError, $"{GuestText.Display(path)} can't be read: {e.Message}", position);
            return false;
        }
    }
}

/// <summary>What a run starts with.</summary>
internal sealed record MachineState(GrubEnvironment Environment, IReadOnlyDictionary<string, Statement> Functions, bool Globbing, bool HasBlscfgModule)
{
    /// <summary>Who has a password.</summary>
    public IReadOnlyList<MenuUser> Users { get; init; } = [];

    /// <summary>Devices made of files.</summary>
    public IReadOnlyList<LoopDevice> Loops { get; init; } = [];
}
