using System.Globalization;

namespace BlockRbd.BootConfig.UnifiedKernel;

/// <summary>One profile of a unified kernel image: what it boots, and how it is called.</summary>
/// <param name="file">The image.</param>
/// <param name="number">The profile's number, from 0.</param>
/// <param name="own">Its own sections, which go before the others.</param>
/// <param name="common">Those that all profiles have.</param>
internal sealed class UnifiedProfile(BootFile file, int number, IReadOnlyList<PeSection> own, IReadOnlyList<PeSection> common)
{
    /// <summary>The profile's number, from 0.</summary>
    public int Number => number;

    /// <summary>The kernel; null where there is none.</summary>
    public BootFile? Linux => File(".linux");

    /// <summary>The file as systemd-stub would start it.</summary>
    /// <param name="options">The command line that the loader gives; null for the image's own.</param>
    /// <exception cref="BootConfigException">It has no kernel, or its command line is longer than any.</exception>
    public LinuxBoot Plan(string? options)
    {
        BootFile kernel = Linux ?? throw new BootConfigException($"{GuestText.Display(file.ToString())} has no section .linux in profile {number}");

        // systemd-stub(7): microcode goes first, since the kernel looks for it in the very first archive only.
        UnifiedAddons addons = UnifiedAddons.Of(file, Text(".uname"));
        string own = options ?? CommandLine;
        string arguments = own.Length > 0 && addons.Arguments.Length > 0 ? $"{own} {addons.Arguments}" : own + addons.Arguments;
        return new LinuxBoot(kernel, [.. addons.Microcode, .. Files(".ucode"), .. Files(".initrd"), .. addons.Initrds], arguments, Hypervisor: null)
        {
            DeviceTree = File(".dtb"),
            Warnings = addons.Warnings,
        };
    }

    /// <summary>A section as a file of its own; none where there is none.</summary>
    public IEnumerable<BootFile> Files(string name) => File(name) is { } section ? [section] : [];

    /// <summary>.cmdline as the stub hands it over (mangle_stub_cmdline): control characters are blanks, and none stays at its end.</summary>
    public string CommandLine
    {
        get
        {
            string text = Text(".cmdline");
            return string.Concat(text.Select(c => c <= 0x1F ? ' ' : c)).TrimEnd(' ');
        }
    }

    /// <summary>A section that holds text, up to its first NUL; empty where there is none.</summary>
    /// <exception cref="BootConfigException">It is longer than any such text.</exception>
    public string Text(string name)
    {
        if (Find(name) is not { } section)
        {
            return string.Empty;
        }

        if (section.Length > PeLimits.MaxTextBytes)
        {
            throw new BootConfigException(string.Create(
                CultureInfo.InvariantCulture,
                $"{GuestText.Display(section.In(file).ToString())}: {section.Length} bytes; {PeLimits.MaxTextBytes} are the most that are read of it"));
        }

        string text = GuestText.FromBytes(file.Volume.ReadPart(file.Path, section.Offset, (int)section.Length) ?? []);
        int nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0 ? text : text[..nul];
    }

    private BootFile? File(string name) => Find(name)?.In(file);

    private PeSection? Find(string name)
    {
        foreach (PeSection section in own.Concat(common))
        {
            if (section.Name == name && section.Length > 0)
            {
                return section;
            }
        }

        return null;
    }
}
