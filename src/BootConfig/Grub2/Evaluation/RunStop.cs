namespace BlockRbd.BootConfig.Grub2;

/// <summary>Something after which GRUB doesn't go on with the script. Never leaves this folder.</summary>
internal sealed class RunStop(StopReason reason) : Exception("the script stops here")
{
    public StopReason Reason { get; } = reason;
}

/// <summary>Why a run ended before its script did.</summary>
internal abstract record StopReason;

/// <summary><c>boot</c> with something loaded.</summary>
internal sealed record BootedNow : StopReason;

/// <summary>The firmware has it: <c>halt</c>, <c>reboot</c>, <c>exit</c>.</summary>
internal sealed record LeftGrub(string Command) : StopReason;

/// <summary>Another configuration's menu is shown now (<c>configfile</c>), and doesn't come back by itself.</summary>
internal sealed record MenuShown(GrubMenu Menu, MachineState State, BootFile Config) : StopReason;

/// <summary>Another loader's configuration is shown now.</summary>
internal sealed record ForeignMenuShown(BootMenu Menu) : StopReason;
