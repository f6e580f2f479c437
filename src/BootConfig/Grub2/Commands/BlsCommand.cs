using BlockRbd.BootConfig.BootLoaderSpec;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>
/// <c>blscfg</c>: menu entries from a directory of Boot Loader Specification files. GNU GRUB 2.14's takes options
/// (grub-core/commands/blsuki.c), Red Hat's one word.
/// </summary>
internal static class BlsCommand
{
    private const string DefaultDirectory = "/loader/entries/";
    private const string BootDirectory = "/boot/loader/entries/";

    private static readonly CommandSyntax Syntax = new(
        [
            new("path", 'p', TakesValue: true), new("enable-fallback", 'f'), new("show-default", 'd'), new("show-non-default", 'n'),
            new("entry", 'e', TakesValue: true),
        ]);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table = [new("blscfg", Run), new("bls_import", Run)];

    private static GrubError Run(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        string? word = options.Arguments is [string only] ? only : null;
        if (options.Arguments.Count > 1)
        {
            return machine.Fail(GrubError.BadArgument, "unexpected argument(s) found, see --help", call);
        }

        bool all = !options.Has("show-default") && !options.Has("show-non-default") && !options.Has("entry") && word is null or ['(', ..];
        Selection selection = new(
            Default: all || options.Has("show-default") || word == "default",
            Others: all || options.Has("show-non-default") || word == "non-default",
            Entry: options.Value("entry") ?? word);
        BlsDialect dialect = machine.Options.BlsDialect
            ?? (machine.HasBlscfgModule || word is not null ? BlsDialect.RedHat : BlsDialect.Upstream);
        string? path = options.Value("path") ?? (word is ['(', ..] ? word : null) ?? machine.Environment.Get("blsdir");
        IReadOnlyList<BlsEntry>? entries = Load(machine, call, path, options.Has("enable-fallback"), dialect);
        if (entries is null)
        {
            return machine.Error;
        }

        for (int i = 0; i < entries.Count; i++)
        {
            if (selection.Wants(entries[i], IsDefault(machine.Environment.Get("default"), entries[i], i, dialect), dialect))
            {
                Add(machine, call, entries[i], dialect);
            }
        }

        return GrubError.None;
    }

    /// <summary>Entries of the path, else of the places that this GRUB falls back to.</summary>
    /// <returns>Null after an error.</returns>
    private static IReadOnlyList<BlsEntry>? Load(
        GrubMachine machine, CommandCall call, string? path, bool fallback, BlsDialect dialect)
    {
        if (path is not null && path.EndsWith(".conf", StringComparison.Ordinal))
        {
            return machine.OpenFile(path, call.Position) is { } file ? ReadOne(machine, call, file) : null;
        }

        (string? device, string directory) = path is null ? (null, "") : GrubFiles.Split(path);
        if (machine.OpenDevice(device, call.Position) is not { } volume || !machine.CheckFilesystem(volume, call.Position))
        {
            return null;
        }

        List<string> places = [directory is ['/', ..] ? directory : DefaultDirectory];
        if (fallback)
        {
            places.Add(DefaultDirectory);
        }

        if (path is null && machine.Options.RedHat.HasFlag(RedHatDeviations.BlsFallback))
        {
            places.Add(BootDirectory);
        }

        foreach (string place in places)
        {
            if (ReadAll(machine, call, volume, place, dialect) is { Count: > 0 } entries)
            {
                return entries;
            }
        }

        machine.Warn(call.Position, $"blscfg: no entries in {string.Join(" or ", places.Select(place => $"({volume.GrubName}){GuestText.Display(place)}"))}");
        return [];
    }

    private static IReadOnlyList<BlsEntry>? ReadAll(
        GrubMachine machine, CommandCall call, IBootVolume volume, string directory, BlsDialect dialect)
    {
        List<string> notes = [];
        IReadOnlyList<BlsEntry>? entries = BlsDirectory.Read(volume, directory, dialect, notes);
        notes.ForEach(note => machine.Warn(call.Position, note));
        return entries;
    }

    private static List<BlsEntry> ReadOne(GrubMachine machine, CommandCall call, BootFile file)
    {
        List<string> notes = [];
        BlsEntry? entry = BlsDirectory.ReadFile(file, notes);
        notes.ForEach(note => machine.Warn(call.Position, note));
        return entry is null ? [] : [entry];
    }

    private static bool IsDefault(string? name, BlsEntry entry, int index, BlsDialect dialect)
    {
        if (string.IsNullOrEmpty(name))
        {
            return false;
        }

        return name == (dialect == BlsDialect.Upstream ? entry.FileName : entry.Id)
            || name == entry.Title
            || (GrubNumbers.Parse(name, 0, out int used, out _) == (ulong)index && used == name.Length);
    }

    private static void Add(GrubMachine machine, CommandCall call, BlsEntry entry, BlsDialect dialect)
    {
        machine.Charge(entry.Fields.Sum(field => field.Key.Length + field.Value.Length), call.Position);
        if (BlsMenuEntry.From(entry, dialect, machine.Environment.Get) is not { } made)
        {
            return;
        }

        ScriptPosition position = new(entry.File.ToString(), 1, 1);
        machine.AddEntry(new EntryDefinition
        {
            Title = made.Arguments[0],
            Id = made.Id,
            Hotkey = Hotkeys.Find(made.Hotkey),
            Users = made.Users, // blscfg.c hands it on: an entry that names nobody is everybody's
            Arguments = made.Arguments,
            Body = ScriptSource.Made(made.Source, position),
            IsSubmenu = false,
            Position = position,
        });
    }

    private sealed record Selection(bool Default, bool Others, string? Entry)
    {
        public bool Wants(BlsEntry entry, bool isDefault, BlsDialect dialect) =>
            (isDefault ? Default : Others) || (Entry is not null && Entry == (dialect == BlsDialect.Upstream ? entry.FileName : entry.Id));
    }
}
