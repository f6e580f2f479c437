using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Reading;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;

namespace BlockRbd.BootExtract.Menu;

/// <summary>The guest's side of the menu where the guest is read.</summary>
/// <param name="reader">The guest.</param>
internal sealed class MenuGuest(GuestReader reader) : IMenuGuest
{
    private readonly List<BootEntry> _entries = [];
    private ILoaderPrompt? _prompt;

    /// <summary>What was chosen; null where nothing has been.</summary>
    public BootChoice? Choice { get; private set; }

    /// <remarks>Where there is no menu at all the run ends as it does without one.</remarks>
    public MenuFacts Open()
    {
        BootMenu menu = reader.Menu;
        return new MenuFacts(
            $"{menu.Format}  {menu.Config}", Items(menu.Entries), menu.Default?.Index ?? string.Empty, menu.TimeoutSeconds, menu.TimeoutStyle,
            EscapeOnly: menu.Format is "GRUB 2" or "GRUB legacy", menu.AllowsEditing, menu.OpenPrompt is not null, menu.Protection);
    }

    public IReadOnlyList<MenuItem> Enter(int entry) => Ask(() => Items(At(entry).Children));

    public string Commands(int entry) => Ask(() => At(entry).Commands ?? EditedPlan.Text(At(entry)));

    public string Arguments(int entry) => Ask(() => At(entry).Plan() switch
    {
        LinuxBoot linux => linux.Arguments,
        OtherBoot other => throw new MenuGuestException($"this boots no Linux but {other.What}"),
        _ => throw new InvalidOperationException(),
    });

    public MenuItem WithCommands(int entry, string commands) => Ask(() => Item(
        At(entry).Commands is null ? EditedPlan.WithText(At(entry), commands, reader.Host.Volumes) : At(entry).WithCommands(commands)));

    public MenuItem WithArguments(int entry, string arguments) => Ask(() => Item(EditedPlan.WithArguments(At(entry), arguments)));

    public void BeginPrompt() => _prompt = Ask(() => (reader.Menu.OpenPrompt ?? throw new MenuGuestException("there is no command line"))());

    public PromptReply Prompt(string line) => Ask(() =>
    {
        PromptAnswer answer = (_prompt ?? throw new MenuGuestException("there is no command line")).Run(line);
        return new PromptReply(
            answer.Text, answer.Boots is { } boots ? Item(boots) : null, answer.Entries is { } entries ? Items(entries) : null);
    });

    public void Choose(int entry) => Choice = Ask(() => reader.Choose(At(entry)));

    private BootEntry At(int entry) => entry >= 0 && entry < _entries.Count ? _entries[entry] : throw new MenuGuestException("there is no such entry");

    private List<MenuItem> Items(IReadOnlyList<BootEntry> entries) => entries.Count <= MenuLimits.MaxItems
        ? [.. entries.Select(Item)]
        : throw new MenuGuestException($"more than {MenuLimits.MaxItems} entries");

    private MenuItem Item(BootEntry entry)
    {
        if (_entries.Count == MenuLimits.MaxEntries)
        {
            throw new MenuGuestException($"more than {MenuLimits.MaxEntries} entries");
        }

        _entries.Add(entry);
        return new MenuItem(_entries.Count - 1, entry.Index, entry.Title, entry.IsSubmenu, entry.Hotkey, entry.Users);
    }

    /// <summary>What a guest's bytes can do to a reader is the same list as in <see cref="Failures"/>; all else is a defect and ends the run.</summary>
    private static T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Exception e) when (e is BootConfigException or ImageFormatException or GuestPathException or SourceReadException or ExtractException)
        {
            throw new MenuGuestException(GuestText.FromShown(Failures.LineOf(e)), e);
        }
    }
}
