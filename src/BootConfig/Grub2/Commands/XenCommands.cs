namespace BlockRbd.BootConfig.Grub2;

/// <summary>Multiboot: in a guest's configuration, an entry for running Xen on bare metal. Its modules are a Linux kernel and a ramdisk.</summary>
internal static class XenCommands
{
    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("multiboot", Multiboot),
        new("multiboot2", Multiboot),
        new("xen_hypervisor", Multiboot),
        new("module", Module),
        new("module2", Module),
        new("xen_module", Module),
    ];

    private static GrubError Multiboot(GrubMachine machine, CommandCall call)
    {
        // --quirk-bad-kludge, --quirk-modules-after-kernel
        List<string> words = [.. call.Arguments.SkipWhile(word => word.StartsWith("--quirk-", StringComparison.Ordinal))];
        if (Load(machine, call, words) is not { } hypervisor)
        {
            machine.Loaded.Clear();
            return machine.Error;
        }

        machine.Loaded.SetMultiboot(hypervisor);
        return GrubError.None;
    }

    private static GrubError Module(GrubMachine machine, CommandCall call)
    {
        List<string> words = [.. call.Arguments.SkipWhile(word => word == "--nounzip")];
        if (words.Count > 0 && machine.Loaded.Multiboot is null)
        {
            return machine.FailLoader(GrubError.BadArgument, "you need to load the kernel first", call);
        }

        if (Load(machine, call, words) is not { } module)
        {
            return machine.Error;
        }

        machine.Loaded.Modules.Add(module);
        return GrubError.None;
    }

    private static LoadedFile? Load(GrubMachine machine, CommandCall call, List<string> words)
    {
        if (words is not [string name, .. var arguments])
        {
            machine.FailLoader(GrubError.BadArgument, "filename expected", call);
            return null;
        }

        if (machine.OpenFile(name, call.Position, machine.Options.FilesMustExist) is not { } file)
        {
            machine.KeepLoaderError(call);
            return null;
        }

        return new LoadedFile(file, [.. arguments]);
    }
}
