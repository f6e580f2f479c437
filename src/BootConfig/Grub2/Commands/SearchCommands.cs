namespace BlockRbd.BootConfig.Grub2;

/// <summary>Looking for a volume by a file, a label or a UUID (grub-core/commands/search.c, search_wrap.c).</summary>
internal static class SearchCommands
{
    private static readonly CommandSyntax Syntax = new(
        [
            new("file", 'f'), new("label", 'l'), new("fs-uuid", 'u'), new("set", 's', TakesValue: true, ValueIsOptional: true),
            new("no-floppy", 'n'), new("efidisk-only"), new("root-dev-only", 'r'), new("cryptodisk-only"), new("hint", 'h', TakesValue: true),
            new("hint-ieee1275", TakesValue: true), new("hint-bios", TakesValue: true), new("hint-baremetal", TakesValue: true),
            new("hint-efi", TakesValue: true), new("hint-arc", TakesValue: true),
        ],
        AcceptsDash: true);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("search", Search),
        new("search.file", static (machine, call) => Direct(machine, call, "file")),
        new("search.fs_label", static (machine, call) => Direct(machine, call, "label")),
        new("search.fs_uuid", static (machine, call) => Direct(machine, call, "fs-uuid")),
    ];

    private static GrubError Search(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        // A hint for a platform that this GRUB doesn't know yet is no option, and passed over.
        string? key = options.Arguments.Find(argument => !argument.StartsWith("--hint-", StringComparison.Ordinal));
        string? variable = options.Has("set") ? options.Value("set") ?? "root" : null;
        if (key is null && options.Value("set") is { } swallowed)
        {
            key = swallowed; // "search --set UUID": the only word is the key.
            variable = "root";
        }

        if (key is null)
        {
            return machine.Fail(GrubError.BadArgument, "one argument expected", call);
        }

        string? kind = ((ReadOnlySpan<string>)["label", "fs-uuid", "file"]).ToArray().FirstOrDefault(options.Has);
        if (kind is null)
        {
            return machine.Fail(GrubError.InvalidCommand, "unspecified search type", call);
        }

        IEnumerable<string> hints = options.Values("hint");
        string? platform = machine.Options.Platform switch { "efi" => "hint-efi", "pc" => "hint-bios", "ieee1275" => "hint-ieee1275", _ => null };
        hints = platform is null ? hints : hints.Concat(options.Values(platform));
        bool sameDisk = options.Has("root-dev-only");
        return Find(machine, call, new Target(kind, key, variable, sameDisk), [.. hints, .. options.Values("hint-baremetal")]);
    }

    /// <summary>search.fs_uuid KEY [VARIABLE [HINT...]].</summary>
    private static GrubError Direct(GrubMachine machine, CommandCall call, string kind) => call.Arguments switch
    {
        [] => machine.Fail(GrubError.BadArgument, "one argument expected", call),
        [string key] => Find(machine, call, new Target(kind, key, null, SameDisk: false), []),
        [string key, string variable, .. var hints] => Find(machine, call, new Target(kind, key, variable, SameDisk: false), [.. hints]),
    };

    private static GrubError Find(GrubMachine machine, CommandCall call, Target target, IReadOnlyList<string> hints)
    {
        // The first that fits is enough, unless all are to be printed.
        bool any = false;
        foreach ((string name, IBootVolume volume) in Candidates(machine, hints))
        {
            machine.Charge(name.Length, call.Position);
            if (!Fits(machine, call, target, name, volume))
            {
                continue;
            }

            any = true;
            if (target.Variable is { } variable)
            {
                machine.SetVariable(variable, name, call.Position);
                return GrubError.None;
            }

            machine.Print($" {name}", call.Position);
        }

        return any ? GrubError.None : machine.Fail(GrubError.FileNotFound, $"no such device: {GuestText.Display(target.Key)}", call);
    }

    /// <summary>Hints first, under the name that the hint has; one that ends in a comma stands for its partitions too.</summary>
    private static IEnumerable<(string Name, IBootVolume Volume)> Candidates(GrubMachine machine, IReadOnlyList<string> hints)
    {
        foreach (string hint in hints)
        {
            string name = hint.EndsWith(',') ? hint[..^1] : hint;
            IBootVolume? disk = GrubFiles.FindVolume(machine.Host, name);
            if (disk is not null)
            {
                yield return (name, disk);
            }

            foreach (IBootVolume volume in hint.EndsWith(',') ? machine.Host.Volumes : [])
            {
                if (volume.GrubName.StartsWith((disk?.GrubName ?? name) + ",", StringComparison.Ordinal))
                {
                    yield return (volume.GrubName, volume);
                }
            }
        }

        // grub_device_iterate: each disk, then its partitions from the last to the first.
        Stack<IBootVolume> partitions = new();
        foreach (IBootVolume volume in machine.Host.Volumes)
        {
            if (volume.GrubName.Contains(','))
            {
                partitions.Push(volume);
                continue;
            }

            while (partitions.TryPop(out IBootVolume? partition))
            {
                yield return (partition.GrubName, partition);
            }

            yield return (volume.GrubName, volume);
        }

        while (partitions.TryPop(out IBootVolume? partition))
        {
            yield return (partition.GrubName, partition);
        }
    }

    private static bool Fits(GrubMachine machine, CommandCall call, Target target, string name, IBootVolume volume)
    {
        if (volume.Unreadable is not null
            || (target.SameDisk && name.Split(',')[0] != (machine.Environment.Get("root") ?? "").Split(',')[0]))
        {
            return false;
        }

        return target.Kind switch
        {
            "label" => volume.Label.Length > 0 && volume.Label == target.Key,
            "fs-uuid" => volume.Uuid.Length > 0 && string.Equals(volume.Uuid, target.Key, StringComparison.OrdinalIgnoreCase),
            _ => target.Key is ['/', ..] && machine.StatQuietly($"({volume.GrubName}){target.Key}", call.Position) is { IsDirectory: false },
        };
    }

    private sealed record Target(string Kind, string Key, string? Variable, bool SameDisk);
}
