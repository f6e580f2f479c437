namespace BlockRbd.BootConfig.Grub2;

/// <summary>Commands that load a Linux kernel and its ramdisks, and other loaders' commands.</summary>
internal static class LoaderCommands
{
    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("linux", Linux),
        new("linux16", Linux),
        new("linuxefi", Linux),
        new("initrd", Initrd),
        new("initrd16", Initrd),
        new("initrdefi", Initrd),
        new("chainloader", Other),
        new("pxechainloader", Other),
        new("ntldr", Other),
        new("freedos", Other),
        new("plan9", Other),
        new("truecrypt", Other),
        new("kfreebsd", Other),
        new("knetbsd", Other),
        new("kopenbsd", Other),
        new("xnu_kernel", Other),
        new("xnu_kernel64", Other),
        new("xnu_resume", Other),
        new("appleloader", Other),
    ];

    private static GrubError Linux(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments is not [string name, .. var words])
        {
            return machine.FailLoader(GrubError.BadArgument, "filename expected", call);
        }

        BootFile? kernel = machine.OpenFile(name, call.Position, machine.Options.FilesMustExist);
        if (kernel is null)
        {
            machine.Loaded.Clear();
            return machine.KeepLoaderError(call);
        }

        machine.Loaded.SetLinux(new LoadedFile(kernel, words));
        return GrubError.None;
    }

    /// <summary>Each initrd command replaces the ones before it. One that fails leaves the kernel loaded: GRUB boots it so.</summary>
    private static GrubError Initrd(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments.Count == 0)
        {
            return machine.FailLoader(GrubError.BadArgument, "filename expected", call);
        }

        if (machine.Loaded.Linux is null)
        {
            return machine.FailLoader(GrubError.BadArgument, "you need to load the kernel first", call);
        }

        List<BootFile> files = [];
        foreach (string name in call.Arguments)
        {
            if (name.StartsWith("newc:", StringComparison.Ordinal))
            {
                // grub-core/loader/linux.c puts such a file into an archive of its own. Without it the guest may not boot.
                machine.Loaded.Clear();
                return machine.FailUnsupported(call, $"initrd {GuestText.Display(name)}: newc: is not supported");
            }

            if (machine.OpenFile(name, call.Position, machine.Options.FilesMustExist) is not { } file)
            {
                machine.Loaded.Initrds = [];
                return machine.KeepLoaderError(call);
            }

            files.Add(file);
        }

        machine.Loaded.Initrds = files;
        return GrubError.None;
    }

    private static GrubError Other(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments.Count == 0)
        {
            return machine.FailLoader(GrubError.BadArgument, "filename expected", call);
        }

        machine.Loaded.SetOther($"{call.Name} {GuestText.Display(string.Join(' ', call.Arguments))}");
        return GrubError.None;
    }
}
