namespace BlockRbd.BootConfig.Grub2;

/// <summary>Commands that run another configuration (grub-core/commands/configfile.c).</summary>
internal static class ConfigCommands
{
    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("source", Source),
        new(".", Source),
        new("configfile", ConfigFile),
        new("normal", Normal),
        new("extract_entries_source", ExtractSource),
        new("extract_entries_configfile", ExtractConfigFile),
        new("legacy_configfile", Foreign),
        new("legacy_source", Foreign),
        new("extract_legacy_entries_configfile", Foreign),
        new("extract_legacy_entries_source", Foreign),
        new("syslinux_configfile", Foreign),
        new("syslinux_source", Foreign),
        new("extract_syslinux_entries_configfile", Foreign),
        new("extract_syslinux_entries_source", Foreign),
    ];

    private static GrubError Source(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string name])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        Run(machine, name, call);
        return GrubError.None;
    }

    private static GrubError ConfigFile(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string name])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        machine.InContext(exportAll: false, () => Show(machine, name, call));
        return GrubError.None;
    }

    /// <summary>normal stays in this context, and without a name takes $prefix/grub.cfg.</summary>
    private static GrubError Normal(GrubMachine machine, CommandCall call)
    {
        string? prefix = machine.Environment.Get("prefix");
        string? name = call.Arguments is [string given, ..] ? given : prefix is null ? null : $"{prefix}/grub.cfg";
        if (name is not null)
        {
            Show(machine, name, call);
        }

        return GrubError.None;
    }

    private static GrubError ExtractSource(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string name])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        GrubMenu made = machine.InContext(exportAll: true, () => machine.InExtractor(() => Run(machine, name, call)));
        foreach (EntryDefinition entry in made.Entries)
        {
            machine.AddEntry(entry);
        }

        return GrubError.None;
    }

    private static GrubError ExtractConfigFile(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string name])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        machine.InContext(exportAll: false, () => machine.InExtractor(() => Show(machine, name, call)));
        return GrubError.None;
    }

    /// <summary>Another loader's configuration: whoever knows it hangs in at <see cref="Grub2Options.ForeignMenus"/>.</summary>
    private static GrubError Foreign(GrubMachine machine, CommandCall call)
    {
        if (!machine.Options.ForeignMenus.TryGetValue(call.Name, out Func<IBootHost, BootFile, BootMenu>? load))
        {
            return machine.FailUnsupported(call, $"{call.Name} is not supported");
        }

        if (call.Arguments is not [.., string name])
        {
            return machine.Fail(GrubError.BadArgument, "filename expected", call);
        }

        if (machine.OpenFile(name, call.Position) is not { } file)
        {
            return machine.Error;
        }

        BootMenu menu = load(machine.Host, file);
        return menu.Entries.Count == 0 ? GrubError.None : throw new RunStop(new ForeignMenuShown(menu));
    }

    /// <summary>Runs a configuration and shows its menu, which then is the one that boots.</summary>
    private static void Show(GrubMachine machine, string name, CommandCall call)
    {
        if (Run(machine, name, call) is { } config && machine.Menu.Entries.Count > 0)
        {
            throw new RunStop(new MenuShown(machine.Menu, machine.Capture(), config));
        }
    }

    /// <summary>
    /// Runs a configuration in this context. GRUB says nothing where there is none, and counts it as done; here it is
    /// a warning, since what boots often hangs on it.
    /// </summary>
    private static BootFile? Run(GrubMachine machine, string name, CommandCall call)
    {
        BootFile? file = machine.OpenFile(name, call.Position);
        string? content = file is null ? null : machine.ReadFile(file, call.Position);
        if (content is null)
        {
            machine.WarnOfError($"{call.Name} {GuestText.Display(name)}");
            return null;
        }

        machine.RunConfig(name.StartsWith('(') ? name : file!.ToString(), content);
        machine.ClearError();
        return file;
    }
}
