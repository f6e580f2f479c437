using BlockRbd.BootConfig.BootLoaderSpec;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>What all menus and entries of one configuration share.</summary>
/// <param name="Host">The guest's volumes.</param>
/// <param name="Options">What the GRUB is like.</param>
/// <param name="Messages">Warnings of the configuration and of submenus.</param>
internal sealed record GrubSession(IBootHost Host, Grub2Options Options, Messages Messages);

/// <summary>A menu as GRUB shows it, with the variables it is shown with.</summary>
internal sealed class ShownMenu
{
    private readonly List<EntryDefinition> _definitions;
    private readonly bool _namesComeFirst;

    /// <param name="session">What it shares with the others.</param>
    /// <param name="menu">Its entries.</param>
    /// <param name="state">Variables and functions that its entries start with.</param>
    /// <param name="place">Index of the submenu that it is, with a ">" behind; empty for the first menu.</param>
    /// <param name="depth">Menus around it.</param>
    /// <exception cref="BootConfigException">There are too many around it.</exception>
    public ShownMenu(GrubSession session, GrubMenu menu, MachineState state, string place, int depth)
    {
        _definitions = menu.Entries;
        State = state;
        _namesComeFirst = state.HasBlscfgModule
            || session.Options.BlsDialect is BlsDialect.RedHat or BlsDialect.Specification
            || session.Options.RedHat.HasFlag(RedHatDeviations.NamesBeforeNumbers);
        if (depth > session.Options.Limits.MenuDepth)
        {
            throw new BootConfigException($"{_definitions[0].Position}: more than {session.Options.Limits.MenuDepth} menus inside each other");
        }

        List<Grub2Entry> entries = [];
        foreach (EntryDefinition definition in _definitions)
        {
            entries.Add(new Grub2Entry(session, state, definition, $"{place}{entries.Count}", depth));
        }

        Entries = entries;
    }

    public IReadOnlyList<Grub2Entry> Entries { get; }

    public MachineState State { get; }

    /// <summary>The entry that boots by itself, and why; null where there is none, or only an empty submenu.</summary>
    public (Grub2Entry? Entry, string Reason) FindDefault()
    {
        if (Entries.Count == 0)
        {
            return (null, "the menu is empty");
        }

        string? selector = State.Environment.Get("default");
        int? number = selector is null ? null
            : _namesComeFirst ? EntrySelector.FindNamesFirst(_definitions, selector)
            : EntrySelector.Find(_definitions, selector);
        bool found = number >= 0 && number < Entries.Count;
        string reason = Explain(selector, found);
        return Open(Entries[found ? number!.Value : 0], EntrySelector.Rest(selector), reason);
    }

    /// <summary>$fallback: entries that are tried in turn when the default fails.</summary>
    public IReadOnlyList<Grub2Entry> FindFallbacks()
    {
        string rest = State.Environment.Get("fallback") ?? "";
        List<Grub2Entry> found = [];
        while (true)
        {
            int number = unchecked((int)GrubNumbers.Parse(rest, 0, out int used, out GrubError error));
            if (error != GrubError.None || number < 0)
            {
                return found;
            }

            rest = rest[used..].TrimStart(' ', '\t', '\n', '\r');
            if (number < Entries.Count
                && Open(Entries[number], EntrySelector.Rest(State.Environment.Get("default")), "").Entry is { } entry)
            {
                found.Add(entry);
            }
        }
    }

    /// <summary>The entry that a person names; null where nothing has that name.</summary>
    public Grub2Entry? Select(string selector)
    {
        int? number = EntrySelector.FindForPerson(_definitions, selector);
        if (number is not { } index || index < 0 || index >= Entries.Count)
        {
            return null;
        }

        Grub2Entry entry = Entries[index];
        string? rest = EntrySelector.Rest(selector);
        return !entry.IsSubmenu ? (rest is null ? entry : null)
            : rest is null ? Open(entry, null, "").Entry
            : entry.OpenSubmenu(rest).Select(rest);
    }

    private static (Grub2Entry? Entry, string Reason) Open(Grub2Entry entry, string? rest, string reason)
    {
        if (!entry.IsSubmenu)
        {
            return (entry, reason);
        }

        (Grub2Entry? inner, string innerReason) = entry.OpenSubmenu(rest).FindDefault();
        return (inner, $"{reason}, which is a submenu; in it {innerReason}");
    }

    private string Explain(string? selector, bool found)
    {
        if (string.IsNullOrEmpty(selector))
        {
            return "default is not set: the first entry";
        }

        string shown = $"\"{GuestText.Display(selector)}\"";
        string from = State.Environment.Get("saved_entry") == selector ? "default is saved_entry"
            : State.Environment.Get("next_entry") == selector ? "default is next_entry"
            : "default is";
        return found ? $"{from} {shown}" : $"{from} {shown}, which no entry is called: the first entry";
    }
}
