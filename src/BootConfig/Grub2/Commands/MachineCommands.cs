namespace BlockRbd.BootConfig.Grub2;

/// <summary>Modules, the firmware, and questions about the machine.</summary>
internal static class MachineCommands
{
    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("insmod", LoadModule),
        new("boot", Boot),
        new("halt", Leave),
        new("reboot", Leave),
        new("exit", Leave),
        new("fwsetup", FirmwareSetup),
        new("keystatus", static (machine, call) => machine.Fail(GrubError.TestFailure, "false", call)),
        new("cpuid", static (_, _) => GrubError.None), // Every guest of today has long mode and PAE.
        new("smbios", static (machine, call) => machine.Fail(GrubError.BadDevice, "smbios: there are no SMBIOS tables", call)),
        new("read", Read),
        new("time", Time),
        new("test_blockarg", TestBlock),
    ];

    /// <summary>All modules are thought to be there. GRUB, too, counts one that isn't as loaded, with a message.</summary>
    private static GrubError LoadModule(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string module, ..])
        {
            return machine.Fail(GrubError.BadArgument, "one argument expected", call);
        }

        machine.Globbing |= module == "regexp";
        machine.HasBlscfgModule |= module == "blscfg";
        return GrubError.None;
    }

    private static GrubError Boot(GrubMachine machine, CommandCall call) => machine.Loaded.IsLoaded
        ? throw new RunStop(new BootedNow())
        : machine.FailLoader(GrubError.NoKernel, "you need to load the kernel first", call);

    private static GrubError Leave(GrubMachine machine, CommandCall call) => throw new RunStop(new LeftGrub(call.Name));

    /// <summary>With --is-supported it only answers, and UEFI for virtual machines has it: grub-mkconfig's 30_uefi-firmware asks before any menu.</summary>
    private static GrubError FirmwareSetup(GrubMachine machine, CommandCall call) =>
        call.Arguments is ["--is-supported", ..] ? GrubError.None : Leave(machine, call);

    /// <summary>Nobody types anything: the variable becomes empty.</summary>
    private static GrubError Read(GrubMachine machine, CommandCall call)
    {
        machine.Warn(call.Position, "read waits for somebody to type");
        if (call.Arguments is [.., string name] && !name.StartsWith('-'))
        {
            machine.SetVariable(name, "", call.Position);
        }

        return GrubError.None;
    }

    private static GrubError Time(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string name, .. var arguments])
        {
            return machine.Fail(GrubError.BadArgument, "command expected", call);
        }

        return CommandTable.Find(name) is { } command
            ? command(machine, call with { Name = name, Arguments = [.. arguments] })
            : machine.Fail(GrubError.UnknownCommand, $"can't find command `{GuestText.Display(name)}'", call);
    }

    private static GrubError TestBlock(GrubMachine machine, CommandCall call)
    {
        if (call.Block is null)
        {
            return machine.Fail(GrubError.BadArgument, "no block parameter", call);
        }

        machine.Print(call.Arguments[^1] + "\n", call.Position);
        return machine.RunText(call.Block);
    }
}
