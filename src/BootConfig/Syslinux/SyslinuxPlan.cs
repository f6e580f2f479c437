namespace BlockRbd.BootConfig.Syslinux;

/// <summary>What a label boots.</summary>
internal static class SyslinuxPlan
{
    /// <summary>Labels that lead to labels (ifcpu64.c32): no further than this.</summary>
    private const int MaxJumps = 8;

    private static readonly string[] Separator = ["---"];

    private static readonly string[] MenuModules = ["menu.c32", "vesamenu.c32"];

    /// <summary>Files that KERNEL starts in another way than as a Linux, by the end of their names (SYSLINUX manual, "KERNEL file").</summary>
    private static readonly (string Extension, string What, bool IsolinuxOnly)[] Extensions =
    [
        (".0", "PXE", false), (".bs", "BOOT", false), (".bss", "BSS", false), (".cbt", "COMBOOT", false), (".com", "COMBOOT", false),
        (".bin", "BOOT", true), (".img", "FDIMAGE", true),
    ];

    /// <summary>Whether a file is a module that shows a menu.</summary>
    public static bool IsMenuModule(string kernel) => MenuModules.Contains(BaseName(SyslinuxParser.FirstWord(kernel)));

    /// <summary>The other configuration that a label leads to: CONFIG, or a menu's module with a file's name; null where it leads to none.</summary>
    public static string? OtherConfig(SyslinuxLabel label) => label.Kind switch
    {
        SyslinuxKind.Config => SyslinuxParser.FirstWord(label.Kernel),
        SyslinuxKind.Kernel or SyslinuxKind.Com32 when IsMenuModule(label.Kernel) && label.Append is { Length: > 0 } append && !append.StartsWith('~') =>
            SyslinuxParser.FirstWord(append),
        _ => null,
    };

    /// <summary>What a label boots.</summary>
    /// <exception cref="BootConfigException">It names a partition that the guest hasn't got.</exception>
    public static BootPlan Of(SyslinuxLoader loader, SyslinuxLabel label)
    {
        for (int jumps = 0; jumps < MaxJumps; jumps++)
        {
            if (Module(label) != "ifcpu64.c32" || loader.Find(SyslinuxParser.FirstWord(label.Append!)) is not { Label: { } next })
            {
                return Plan(loader, label);
            }

            label = next; // ifcpu64.c32 LABEL64 [-- ...]: a machine that runs Xen has long mode
        }

        throw new BootConfigException($"{GuestText.Display(label.Place)}: labels lead to each other");
    }

    private static BootPlan Plan(SyslinuxLoader loader, SyslinuxLabel label)
    {
        switch (label.Kind)
        {
            case SyslinuxKind.Linux:
                return Linux(loader, label, $"{label.Kernel} {label.Append}");
            case SyslinuxKind.Kernel or SyslinuxKind.Com32 when Module(label) is { } module:
                return Module(loader, label, module);
            case SyslinuxKind.Kernel:
                string file = SyslinuxParser.FirstWord(label.Kernel);
                foreach ((string extension, string what, bool isolinuxOnly) in Extensions)
                {
                    if (file.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && (loader.IsIsolinux || !isolinuxOnly))
                    {
                        return new OtherBoot($"{what} {label.Kernel}");
                    }
                }

                return Linux(loader, label, $"{label.Kernel} {label.Append}");
            default:
                return new OtherBoot($"{label.Kind.ToString().ToUpperInvariant()} {label.Kernel} {label.Append}".TrimEnd(' '));
        }
    }

    /// <summary>The COM32 module that a label starts, in small letters; null where it starts none.</summary>
    private static string? Module(SyslinuxLabel label)
    {
        string name = BaseName(SyslinuxParser.FirstWord(label.Kernel));
        return label.Kind == SyslinuxKind.Com32 && !name.EndsWith(".c32", StringComparison.Ordinal) ? name + ".c32"
            : label.Kind is SyslinuxKind.Com32 or SyslinuxKind.Kernel && name.EndsWith(".c32", StringComparison.Ordinal) ? name
            : null;
    }

    private static BootPlan Module(SyslinuxLoader loader, SyslinuxLabel label, string module)
    {
        string words = $"{label.Kernel[SyslinuxParser.FirstWord(label.Kernel).Length..]} {label.Append}".Trim(' ');
        return module switch
        {
            "linux.c32" => Linux(loader, label, words),
            "mboot.c32" when Xen(loader, label, words) is { } plan => plan,
            _ => new OtherBoot($"COM32 {BaseName(SyslinuxParser.FirstWord(label.Kernel))} {words}".TrimEnd(' ')),
        };
    }

    /// <summary>A Linux: the first word is the kernel, initrd= among the others names its ramdisks, with commas between.</summary>
    private static LinuxBoot Linux(SyslinuxLoader loader, SyslinuxLabel label, string commandLine)
    {
        string kernel = SyslinuxParser.FirstWord(commandLine);
        List<string> kept = [];
        string? initrd = null;
        foreach (string word in commandLine[kernel.Length..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith("initrd=", StringComparison.Ordinal))
            {
                initrd ??= word["initrd=".Length..]; // new_linux_kernel: the first one counts, and INITRD goes behind APPEND
            }
            else
            {
                kept.Add(word);
            }
        }

        initrd ??= label.Initrd;
        return new LinuxBoot(
            loader.Resolve(label, kernel),
            [.. (initrd ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => loader.Resolve(label, name.Trim(' ')))],
            string.Join(' ', kept),
            Hypervisor: null)
        {
            DeviceTree = label.DeviceTree is { Length: > 0 } tree ? loader.Resolve(label, tree) : null,
        };
    }

    /// <summary>"xen.gz … --- vmlinuz … --- initrd": modules of a multiboot kernel. A tboot.gz before Xen is passed over.</summary>
    private static LinuxBoot? Xen(SyslinuxLoader loader, SyslinuxLabel label, string words)
    {
        string[] modules = words.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (modules.Length > 2 && BaseName(SyslinuxParser.FirstWord(modules[0])).StartsWith("tboot", StringComparison.Ordinal))
        {
            modules = modules[1..];
        }

        if (modules.Length < 2)
        {
            return null;
        }

        string kernel = SyslinuxParser.FirstWord(modules[1]);
        return new LinuxBoot(
            loader.Resolve(label, kernel),
            [.. modules.Skip(2).Select(module => loader.Resolve(label, SyslinuxParser.FirstWord(module)))],
            modules[1][kernel.Length..].Trim(' '),
            loader.Resolve(label, SyslinuxParser.FirstWord(modules[0])));
    }

    private static string BaseName(string path) => path[(path.LastIndexOf('/') + 1)..].ToLowerInvariant();
}
