namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>One line of an entry file.</summary>
/// <param name="Key">The key, case as written.</param>
/// <param name="Value">All behind it; never empty.</param>
public readonly record struct BlsField(string Key, string Value);

/// <summary>A type 1 entry of the Boot Loader Specification, as written: no variable is expanded, no path is looked at.</summary>
public sealed class BlsEntry
{
    private const string Extension = ".conf";

    internal BlsEntry(BootFile file, IReadOnlyList<BlsField> fields)
    {
        File = file;
        Fields = fields;
        FileName = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        Id = FileName.EndsWith(Extension, StringComparison.Ordinal) ? FileName[..^Extension.Length] : FileName;
    }

    /// <summary>The file it stands in.</summary>
    public BootFile File { get; }

    /// <summary>The file's name with ".conf".</summary>
    public string FileName { get; }

    /// <summary>GRUB's id of the entry: the file's name without ".conf". Boot counting ("+3-1") stays in it, as in GRUB.</summary>
    public string Id { get; }

    /// <summary>Every key with its value in the file's order, unknown ones too.</summary>
    public IReadOnlyList<BlsField> Fields { get; }

    /// <summary>What people read; null where there is none (GRUB then shows <see cref="Linux"/>).</summary>
    public string? Title => First("title");

    /// <summary>The kernel's version; null where there is none.</summary>
    public string? Version => First("version");

    /// <summary>The machine-id it belongs to; null where there is none.</summary>
    public string? MachineId => First("machine-id");

    /// <summary>The kernel's path; null in an entry of another type, which GRUB leaves out of its menu.</summary>
    public string? Linux => First("linux");

    /// <summary>
    /// Values of every <c>initrd</c> line. One value may name several files with blanks between, and variables: GRUB
    /// pastes it into a command.
    /// </summary>
    public IReadOnlyList<string> Initrds => All("initrd");

    /// <summary>Values of every <c>options</c> line. The specification joins them with a blank; GRUB takes the first alone.</summary>
    public IReadOnlyList<string> Options => All("options");

    /// <summary>The device tree's path; null where there is none.</summary>
    public string? DeviceTree => First("devicetree");

    /// <summary>Who may boot it: <c>menuentry --users</c>; null where there is none.</summary>
    public string? GrubUsers => First("grub_users");

    /// <summary><c>menuentry --hotkey</c>; null where there is none.</summary>
    public string? GrubHotkey => First("grub_hotkey");

    /// <summary>Each one <c>menuentry --class</c>.</summary>
    public IReadOnlyList<string> GrubClasses => All("grub_class");

    /// <summary>Arguments of the menu entry behind its title ($2 and on when it runs).</summary>
    public IReadOnlyList<string> GrubArgs => All("grub_arg");

    /// <summary>The first value of a key, or null.</summary>
    public string? First(string key)
    {
        foreach (BlsField field in Fields)
        {
            if (field.Key == key)
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>Every value of a key, in order.</summary>
    public IReadOnlyList<string> All(string key)
    {
        List<string> values = [];
        foreach (BlsField field in Fields)
        {
            if (field.Key == key)
            {
                values.Add(field.Value);
            }
        }

        return values;
    }
}
