using System.Text;

namespace BlockRbd.BootConfig;

/// <summary>An entry whose Linux somebody has changed, as lines of its own: for loaders whose configuration is no script.</summary>
/// <remarks>The lines are "kernel FILE", "initrd FILE..." and "args TEXT". A file is "(hd0,gpt2)/path", or a path on the kernel's volume.</remarks>
public sealed class EditedPlan : BootEntry
{
    private readonly BootEntry _original;
    private readonly LinuxBoot _plan;

    private EditedPlan(BootEntry original, LinuxBoot plan)
    {
        _original = original;
        _plan = plan;
    }

    /// <inheritdoc/>
    public override string Title => _original.Title;

    /// <inheritdoc/>
    public override string Id => _original.Id;

    /// <inheritdoc/>
    public override string Index => _original.Index;

    /// <inheritdoc/>
    public override string Origin => _original.Origin;

    /// <inheritdoc/>
    public override bool IsSubmenu => false;

    /// <inheritdoc/>
    public override IReadOnlyList<BootEntry> Children => [];

    /// <inheritdoc/>
    public override string? Users => _original.Users;

    /// <summary>The entry with another command line.</summary>
    /// <exception cref="BootConfigException">It boots no Linux.</exception>
    public static EditedPlan WithArguments(BootEntry entry, string arguments) => new(entry, LinuxOf(entry) with { Arguments = arguments });

    /// <summary>The lines of an entry.</summary>
    /// <exception cref="BootConfigException">It boots no Linux.</exception>
    public static string Text(BootEntry entry)
    {
        LinuxBoot plan = LinuxOf(entry);
        StringBuilder text = new($"kernel {plan.Kernel}");
        foreach (BootFile initrd in plan.Initrds)
        {
            text.Append("\ninitrd ").Append(initrd);
        }

        return text.Append("\nargs ").Append(plan.Arguments).ToString();
    }

    /// <summary>The entry with other lines.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="text">The lines.</param>
    /// <param name="volumes">Where files may be.</param>
    /// <exception cref="BootConfigException">The entry boots no Linux, or the lines can't be read.</exception>
    public static EditedPlan WithText(BootEntry entry, string text, IReadOnlyList<IBootVolume> volumes)
    {
        LinuxBoot plan = LinuxOf(entry);
        BootFile[] known = [plan.Kernel, .. plan.Initrds];
        BootFile? kernel = null;
        List<BootFile> initrds = [];
        string arguments = string.Empty;
        foreach (string line in text.Split('\n').Select(line => line.Trim(' ', '\t')).Where(line => line.Length > 0))
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            string value = blank < 0 ? string.Empty : line[(blank + 1)..].TrimStart(' ');
            switch (blank < 0 ? line : line[..blank])
            {
                case "kernel":
                    kernel = File(value, known, volumes);
                    break;
                case "initrd" when value.Length > 0:
                    initrds.Add(File(value, known, volumes));
                    break;
                case "initrd":
                    break;
                case "args":
                    arguments = value;
                    break;
                default:
                    throw new BootConfigException($"\"{GuestText.Display(line)}\": a line is kernel FILE, initrd FILE or args TEXT");
            }
        }

        return kernel is null
            ? throw new BootConfigException("there is no line \"kernel FILE\"")
            : new EditedPlan(entry, plan with { Kernel = kernel, Initrds = initrds, Arguments = arguments });
    }

    /// <inheritdoc/>
    public override BootPlan Plan() => _plan;

    private static LinuxBoot LinuxOf(BootEntry entry) => entry.Plan() switch
    {
        LinuxBoot linux => linux,
        OtherBoot other => throw new BootConfigException($"it boots no Linux but {GuestText.Display(other.What)}"),
        _ => throw new InvalidOperationException(entry.Origin),
    };

    /// <summary>A file that the entry names already is that one, section and all.</summary>
    private static BootFile File(string name, BootFile[] known, IReadOnlyList<IBootVolume> volumes)
    {
        if (known.FirstOrDefault(file => file.ToString() == name) is { } same)
        {
            return same;
        }

        int bracket = name is ['(', ..] ? name.IndexOf(')', StringComparison.Ordinal) : 0;
        string path = bracket > 0 ? name[(bracket + 1)..] : name;
        if (bracket < 0 || path is not ['/', ..])
        {
            throw new BootConfigException($"\"{GuestText.Display(name)}\": a file is (hd0,gpt2)/path or /path");
        }

        IBootVolume? volume = bracket == 0 ? known[0].Volume : volumes.FirstOrDefault(volume => volume.GrubName == name[1..bracket]);
        return new BootFile(volume ?? throw new BootConfigException($"\"{GuestText.Display(name)}\": there is no such device"), path);
    }
}
