namespace BlockRbd.BootConfig.Grub2;

/// <summary>What a finished run boots.</summary>
internal static class PlanMaker
{
    // What grub-mkconfig writes before dom0's arguments, where the file's name stood in older loaders.
    private const string Placeholder = "placeholder";

    /// <summary>GRUB boots what is loaded at the end of an entry, whatever failed on the way.</summary>
    /// <exception cref="BootConfigException">Nothing is loaded, because a command failed that should have.</exception>
    public static BootPlan From(GrubMachine machine)
    {
        LoadedSystem loaded = machine.Loaded;
        if (loaded.Linux is { } linux)
        {
            return new LinuxBoot(linux.File, loaded.Initrds, KernelCommandLine.Join(linux.Arguments, machine.Options), null);
        }

        if (loaded.Multiboot is { } hypervisor)
        {
            return loaded.Modules.Count == 0
                ? new OtherBoot($"multiboot {GuestText.Display(hypervisor.File.ToString())}")
                : FromXen(machine, hypervisor);
        }

        if (loaded.Other is { } other)
        {
            return new OtherBoot(other);
        }

        return machine.LoaderErrors.Count > 0 ? throw new BootConfigException(machine.LoaderErrors[0]) : new OtherBoot("no kernel");
    }

    private static LinuxBoot FromXen(GrubMachine machine, LoadedFile hypervisor)
    {
        List<LoadedFile> modules = machine.Loaded.Modules;
        List<string> words = modules[0].Arguments is [Placeholder, .. var behind] ? [.. behind] : modules[0].Arguments;
        IReadOnlyList<BootFile> initrds = modules.Count > 1 ? [modules[1].File] : [];
        return new LinuxBoot(modules[0].File, initrds, KernelCommandLine.Join(words, machine.Options), hypervisor.File);
    }
}
