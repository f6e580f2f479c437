namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>An entry of a menu.lst. One whose commands come to <c>configfile</c> is a submenu: the other file's entries.</summary>
internal sealed class LegacyEntry(LegacyMenu menu, LegacyStanza stanza, string index) : BootEntry
{
    private LegacyRun? _run;
    private LegacyMenu? _submenu;
    private string? _submenuProblem;

    /// <inheritdoc/>
    public override string Title => stanza.Title;

    /// <inheritdoc/>
    public override string Id => string.Empty;

    /// <inheritdoc/>
    public override string Index => index;

    /// <inheritdoc/>
    public override string Origin => menu.Place(stanza.Number);

    /// <inheritdoc/>
    public override bool IsSubmenu => Submenu is not null;

    /// <summary>What <c>lock</c> closes is for who knows the menu's password.</summary>
    public override string? Users => stanza.Lines.Any(line => line.Command == "lock") ? string.Empty : null;

    /// <inheritdoc/>
    public override string Commands => string.Join('\n', stanza.Lines.Select(line => $"{line.Command} {line.Argument}".TrimEnd(' ')));

    /// <inheritdoc/>
    public override IReadOnlyList<BootEntry> Children => Submenu?.Entries ?? [];

    /// <summary>The menu that <c>configfile</c> leads to; null where there is none or it can't be read.</summary>
    public LegacyMenu? Submenu
    {
        get
        {
            if (_submenu is null && _submenuProblem is null && Run.ConfigFile is { } file)
            {
                try
                {
                    _submenu = menu.LoadBelow(this, file);
                    if (_submenu.Entries.Count == 0)
                    {
                        _submenuProblem = $"{GuestText.Display(file.ToString())}: has no entries";
                        _submenu = null;
                    }
                }
                catch (Exception e) when (e is BootConfigException or GuestDisk.ImageFormatException)
                {
                    _submenuProblem = e.Message;
                }
            }

            return _submenu;
        }
    }

    private LegacyRun Run => _run ??= LegacyRun.Execute(menu, stanza);

    /// <inheritdoc/>
    public override BootEntry WithCommands(string commands) => new LegacyEntry(menu, stanza with { Lines = [.. LegacyLine.Read(commands)] }, index);

    /// <inheritdoc/>
    public override BootPlan Plan()
    {
        if (Submenu is { } submenu)
        {
            return submenu.DefaultEntry!.Plan();
        }

        string? problem = _submenuProblem ?? Run.Problem;
        return problem is null ? Run.Plan : throw new BootConfigException(problem);
    }
}
