namespace BlockRbd.BootConfig.Syslinux;

/// <summary>A line of a SYSLINUX menu. MENU BEGIN is a submenu, and so is another configuration that CONFIG or a menu's module leads to.</summary>
internal sealed class SyslinuxEntry : BootEntry
{
    private readonly SyslinuxLoader _loader;
    private readonly SyslinuxNode _node;
    private SyslinuxLoader? _other;
    private IReadOnlyList<SyslinuxEntry>? _children;
    private string? _problem;

    public SyslinuxEntry(SyslinuxLoader loader, SyslinuxNode node, string index)
    {
        _loader = loader;
        _node = node;
        Index = index;
        int caret = node.Title.IndexOf('^', StringComparison.Ordinal); // strip_caret: what marks the hotkey isn't shown
        Title = caret < 0 ? node.Title : node.Title.Remove(caret, 1);
        Hotkey = caret >= 0 && caret + 1 < node.Title.Length ? char.ToLowerInvariant(node.Title[caret + 1]) : '\0';
    }

    /// <inheritdoc/>
    public override char Hotkey { get; }

    /// <inheritdoc/>
    public override string Title { get; }

    /// <summary>The label; empty for a submenu.</summary>
    public override string Id => _node.Label?.Written ?? string.Empty;

    /// <inheritdoc/>
    public override string Index { get; }

    /// <inheritdoc/>
    public override string Origin => _node.Label?.Place ?? _node.Submenu!.Place;

    /// <inheritdoc/>
    public override bool IsSubmenu => _node.Submenu is not null || Other is not null;

    /// <inheritdoc/>
    public override IReadOnlyList<BootEntry> Children => OwnChildren;

    /// <summary>What a submenu boots when nobody chooses; null where it has nothing.</summary>
    public SyslinuxEntry? DefaultEntry =>
        _node.Submenu is { } submenu ? SyslinuxLoader.DefaultOf(submenu, OwnChildren)
        : Other is { } other ? other.ChooseDefault().Entry
        : this;

    internal SyslinuxNode Node => _node;

    private IReadOnlyList<SyslinuxEntry> OwnChildren =>
        _children ??= _node.Submenu is { } submenu ? _loader.Entries(submenu, Index + ">") : Other?.TopEntries ?? [];

    /// <summary>The configuration that a label leads to.</summary>
    private SyslinuxLoader? Other
    {
        get
        {
            if (_other is null && _problem is null && _node.Label is { } label && SyslinuxPlan.OtherConfig(label) is { } named)
            {
                try
                {
                    SyslinuxLoader other = _loader.Below(label, named, Index + ">");
                    _other = other.TopEntries.Count > 0 ? other : null;
                    _problem = _other is null ? "has no labels" : null;
                }
                catch (Exception e) when (e is BootConfigException or GuestDisk.ImageFormatException)
                {
                    _problem = e.Message;
                }
            }

            return _other;
        }
    }

    /// <inheritdoc/>
    public override BootPlan Plan()
    {
        if (IsSubmenu)
        {
            return DefaultEntry is { } entry && entry != this ? entry.Plan() : new OtherBoot("an empty menu");
        }

        return _problem is null ? SyslinuxPlan.Of(_loader, _node.Label!) : new OtherBoot($"config {SyslinuxPlan.OtherConfig(_node.Label!)} {_problem}");
    }
}
