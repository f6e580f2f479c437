namespace BlockRbd.BootConfig.Grub2;

/// <summary>A configuration that boots something, or leaves GRUB, before any menu is shown.</summary>
internal sealed class ImmediateEntry(GrubMachine machine, StopReason stop, BootFile config) : BootEntry
{
    public override string Title => stop is LeftGrub left ? left.Command : "boots at once";

    public override string Id => "";

    public override string Index => "0";

    public override string Origin => GuestText.Display(config.ToString());

    public override bool IsSubmenu => false;

    public override IReadOnlyList<BootEntry> Children => [];

    public override BootPlan Plan() => stop is LeftGrub left ? new OtherBoot(left.Command) : PlanMaker.From(machine);
}
