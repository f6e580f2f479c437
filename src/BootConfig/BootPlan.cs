namespace BlockRbd.BootConfig;

/// <summary>What an entry boots, found by running it.</summary>
public abstract record BootPlan
{
    /// <summary>What the loader would have complained about while it ran the entry, and booted all the same: a ramdisk that isn't there, for one.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A Linux kernel.</summary>
/// <param name="Kernel">The kernel's file.</param>
/// <param name="Initrds">The initial ramdisks in the order in which they are joined; may be empty.</param>
/// <param name="Arguments">The kernel's command line as the loader would hand it over (GRUB's quoting rules applied), one character a byte.</param>
/// <param name="Hypervisor">The guest's own hypervisor where the entry starts one (multiboot with modules), else null.</param>
public sealed record LinuxBoot(BootFile Kernel, IReadOnlyList<BootFile> Initrds, string Arguments, BootFile? Hypervisor) : BootPlan
{
    /// <summary>The device tree that the entry names; null where it names none. Xen makes a domain's own, so nobody hands it over.</summary>
    public BootFile? DeviceTree { get; init; }
}

/// <summary>Something else: a chain loader, memtest, firmware setup, nothing at all.</summary>
/// <param name="What">What it is, for a person: "chainloader +1", "no kernel".</param>
public sealed record OtherBoot(string What) : BootPlan;
