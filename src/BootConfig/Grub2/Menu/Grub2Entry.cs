namespace BlockRbd.BootConfig.Grub2;

/// <summary>An entry of a GRUB 2 menu. Each time it is planned its body runs with a copy of the menu's variables.</summary>
internal sealed class Grub2Entry(GrubSession session, MachineState state, EntryDefinition definition, string index, int depth, bool isEdited = false) : BootEntry
{
    private IReadOnlyList<BootEntry>? _children;

    public override string Title => definition.Title;

    public override string Id => definition.Id;

    public override string Index => index;

    public override string Origin => definition.Position.ToString();

    public override bool IsSubmenu => definition.IsSubmenu;

    public override char Hotkey => definition.Hotkey;

    public override string? Users => definition.Users;

    /// <summary>With the line <c>setparams</c> in front, as GRUB's editor has it.</summary>
    public override string Commands => definition.Body.ToString();

    public override IReadOnlyList<BootEntry> Children => _children ??= IsSubmenu ? OpenSubmenu(null).Entries : [];

    /// <summary>Runs a submenu's body as grub_menu_execute_entry does and gives the menu that is then shown.</summary>
    /// <param name="rest">What $default says of the entries in it.</param>
    /// <exception cref="BootConfigException">It runs into a limit, or leaves GRUB.</exception>
    public ShownMenu OpenSubmenu(string? rest)
    {
        GrubMachine machine = Start(session.Messages, rest);
        StopReason? stop = Run(machine);
        return stop switch
        {
            null => new ShownMenu(session, machine.Menu, machine.Capture(), index + ">", depth + 1),
            MenuShown shown => new ShownMenu(session, shown.Menu, shown.State, index + ">", depth + 1),
            _ => throw new BootConfigException($"{Origin}: the submenu boots something before it shows its entries"),
        };
    }

    public override BootEntry WithCommands(string commands) =>
        new Grub2Entry(session, state, definition with { Body = ScriptSource.Made(commands, definition.Position) }, index, depth, isEdited: true);

    public override BootPlan Plan()
    {
        if (IsSubmenu)
        {
            return OpenSubmenu(null).FindDefault().Entry?.Plan() ?? new OtherBoot("an empty submenu");
        }

        Messages messages = new(session.Options.Limits.Warnings);
        GrubMachine machine = Start(messages, EntrySelector.Rest(state.Environment.Get("default")));
        StopReason? stop = Run(machine);
        BootPlan plan = stop switch
        {
            MenuShown shown => new ShownMenu(session, shown.Menu, shown.State, index + ">", depth + 1).FindDefault().Entry?.Plan() ?? new OtherBoot("an empty submenu"),
            ForeignMenuShown foreign => foreign.Menu.Default?.Plan() ?? new OtherBoot("an empty menu"),
            LeftGrub left => new OtherBoot(left.Command),
            _ => PlanMaker.From(machine),
        };
        return plan with { Warnings = [.. messages.All, .. plan.Warnings] };
    }

    private GrubMachine Start(Messages messages, string? rest)
    {
        GrubMachine machine = new(session.Host, session.Options, messages, state);
        if (IsSubmenu)
        {
            machine.EnterContext();
            machine.SetVariable("timeout", "0", definition.Position);
        }

        if (isEdited)
        {
            // grub-core/normal/menu_entry.c, run: the lines alone, with no parameters but those of their own setparams.
            machine.Scope = new GrubScope([]);
            return machine;
        }

        string id = definition.Id.Replace(">", ">>", StringComparison.Ordinal);
        string? chosen = machine.Environment.Get("chosen");
        machine.SetVariable("chosen", chosen is null ? id : $"{chosen}>{id}", definition.Position);
        machine.Environment.Export("chosen");
        if (rest is null)
        {
            machine.Environment.Unset("default");
        }
        else
        {
            machine.SetVariable("default", rest, definition.Position);
        }

        machine.Scope = new GrubScope(definition.Arguments);
        return machine;
    }

    private StopReason? Run(GrubMachine machine)
    {
        try
        {
            machine.RunText(definition.Body);
            return null;
        }
        catch (RunStop stop)
        {
            return stop.Reason;
        }
    }
}
