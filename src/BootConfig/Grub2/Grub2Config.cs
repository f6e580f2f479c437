using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.BootConfig.Syslinux;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>Runs a GRUB 2 configuration ("grub.cfg") as GRUB would, and says what it would boot.</summary>
public static class Grub2Config
{
    private const string Format = "GRUB 2";

    /// <summary>What GRUB 2.14 sets for a configuration to ask for.</summary>
    private static readonly string[] Features =
    [
        "feature_chainloader_bpb", "feature_ntldr", "feature_platform_search_hint", "feature_default_font_path",
        "feature_all_video_module", "feature_menuentry_id", "feature_menuentry_options", "feature_200_final",
        "feature_nativedisk_cmd", "feature_timeout_style", "feature_search_cryptodisk_only",
    ];

    /// <summary>Other loaders' configurations that this library reads too.</summary>
    private static readonly IReadOnlyDictionary<string, Func<IBootHost, BootFile, BootMenu>> OwnForeignMenus =
        new Dictionary<string, Func<IBootHost, BootFile, BootMenu>>
        {
            ["legacy_configfile"] = static (host, file) => GrubLegacyConfig.Load(host, file.Volume, file.Path),
            ["syslinux_configfile"] = static (host, file) => SyslinuxConfig.Load(host, file.Volume, file.Path),
        };

    /// <summary>Runs a configuration.</summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="volume">The volume that holds the file; <c>$root</c> begins as it.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">What the GRUB is like; null for a PC's.</param>
    /// <exception cref="BootConfigException">There is no such file, or a limit is reached.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">The file can't be read.</exception>
    public static BootMenu Load(IBootHost host, IBootVolume volume, string path, Grub2Options? options = null)
    {
        options ??= new Grub2Options();
        BootFile config = new(volume, path);
        byte[] content = volume.ReadFile(path, options.Limits.ScriptBytes)
            ?? throw new BootConfigException($"{GuestText.Display(config.ToString())}: there is no such file");
        return Run(host, config, GuestText.FromBytes(content), options);
    }

    /// <summary>Runs a script as if it stood in <paramref name="config"/>, which need not be a file.</summary>
    /// <exception cref="BootConfigException">A limit is reached.</exception>
    internal static BootMenu Run(IBootHost host, BootFile config, string script, Grub2Options options)
    {
        options = options with { ForeignMenus = Merge(options.ForeignMenus) };
        string name = config.ToString();
        Messages messages = new(options.Limits.Warnings);
        GrubSession session = new(host, options, messages);
        GrubMachine machine = new(host, options, messages, InitialState(options, config, BtrfsPaths.RelativePathOf(config, script)));
        try
        {
            machine.RunConfig(name, script);
        }
        catch (RunStop stop)
        {
            return AfterStop(session, machine, config, stop.Reason);
        }

        if (machine.Menu.Entries.Count == 0 && machine.Loaded.IsLoaded)
        {
            messages.Add($"{GuestText.Display(name)}: a kernel is loaded, but nothing boots it: GRUB shows its prompt");
        }

        return Make(session, new ShownMenu(session, machine.Menu, machine.Capture(), "", 0), config);
    }

    private static BootMenu AfterStop(GrubSession session, GrubMachine machine, BootFile config, StopReason reason)
    {
        switch (reason)
        {
            case MenuShown shown:
                return Make(session, new ShownMenu(session, shown.Menu, shown.State, "", 0), shown.Config);
            case ForeignMenuShown foreign:
                return foreign.Menu with { Warnings = [.. session.Messages.All, .. foreign.Menu.Warnings] };
            default:
                ImmediateEntry entry = new(machine, reason, config);
                return new BootMenu
                {
                    Format = Format,
                    IsGrubs = true,
                    Config = config,
                    Entries = [entry],
                    Default = entry,
                    DefaultReason = reason is LeftGrub left
                        ? $"the configuration says {left.Command} before any menu"
                        : "the configuration boots it before any menu",
                    TimeoutSeconds = 0,
                    Warnings = session.Messages.All,
                    Select = selector => selector == entry.Index ? entry : null,
                };
        }
    }

    private static BootMenu Make(GrubSession session, ShownMenu menu, BootFile config)
    {
        (Grub2Entry? entry, string reason) = menu.FindDefault();
        GrubEnvironment environment = menu.State.Environment;
        string? superusers = environment.Get("superusers");
        return new BootMenu
        {
            Format = Format,
            IsGrubs = true,
            Config = config,
            Entries = menu.Entries,
            Default = entry,
            DefaultReason = reason,
            Fallbacks = menu.FindFallbacks(),
            TimeoutSeconds = Timeout(environment.Get("timeout")),
            TimeoutStyle = environment.Get("timeout_style") is ("countdown" or "hidden") and { } style ? style : "menu",
            Protection = superusers is null ? null : new MenuProtection(MenuProtection.Names(superusers), menu.State.Users),
            OpenPrompt = () => new Grub2Prompt(session, menu.State, config),
            Warnings = session.Messages.All,
            Select = menu.Select,
        };
    }

    /// <summary>grub_menu_get_timeout: no number, or a negative one, waits for ever.</summary>
    private static int? Timeout(string? text)
    {
        int seconds = unchecked((int)GrubNumbers.Parse(text ?? "", 0, out _, out GrubError error));
        return error == GrubError.None && seconds >= 0 ? seconds : null;
    }

    private static Dictionary<string, Func<IBootHost, BootFile, BootMenu>> Merge(
        IReadOnlyDictionary<string, Func<IBootHost, BootFile, BootMenu>> given)
    {
        Dictionary<string, Func<IBootHost, BootFile, BootMenu>> all = new(OwnForeignMenus);
        foreach ((string name, Func<IBootHost, BootFile, BootMenu> load) in given)
        {
            all[name] = load;
        }

        return all;
    }

    /// <param name="options">What the GRUB is like.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="relativePath">Its path from Btrfs' default subvolume where this GRUB begins there; else null.</param>
    private static MachineState InitialState(Grub2Options options, BootFile config, string? relativePath)
    {
        string path = relativePath ?? config.Path;
        int slash = path.LastIndexOf('/');
        string folder = $"({config.Volume.GrubName}){path[..Math.Max(slash, 0)]}";
        GrubEnvironment environment = new(options.Limits.VariableCharacters);
        List<(string Name, string Value)> variables =
        [
            ("root", config.Volume.GrubName), ("prefix", options.Prefix ?? folder), ("pager", ""),
            ("color_normal", "light-gray/black"), ("color_highlight", "black/light-gray"), ("lang", ""), ("locale_dir", ""),
            ("secondary_locale_dir", ""), ("grub_cpu", options.Cpu), ("grub_platform", options.Platform),
            .. Features.Select(feature => (feature, "y")),
        ];
        if (options.Platform == "efi")
        {
            variables.Add(("cmdpath", folder));
        }

        if (relativePath is not null)
        {
            variables.Add(("btrfs_relative_path", "yes"));
        }

        variables.AddRange(options.Environment.Select(pair => (pair.Key, pair.Value)));
        foreach ((string name, string value) in variables)
        {
            environment.Set(name, value);
            environment.Export(name);
        }

        return new MachineState(environment, new Dictionary<string, Statement>(), options.Globbing, HasBlscfgModule: false);
    }
}
