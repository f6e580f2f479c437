using System.CommandLine;
using BlockRbd.MenuLstGen.Checks;

namespace BlockRbd.MenuLstGen.CommandLine;

/// <summary>What people type.</summary>
internal static class GenCommand
{
    /// <summary>Longest of what is put into a menu by option: Xen hands over no more of a whole command line.</summary>
    private const int MaxOptionText = 1023;

    private static readonly Argument<string[]> Images = new("IMAGE")
    {
        Description = "File or device that holds the guest's disk; several are the disks of one guest, the boot disk first.", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Root = Text("--root", "DIR", "The guest is mounted here; / inside a guest.");

    private static readonly Option<string[]> Device = new("--device")
    {
        Description = "With --root: the guest's disk on this host; several in the guest's order.", HelpName = "DISK", AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string[]> GrubRoot = new("--grub-root")
    {
        Description = "With --root: what PV-GRUB calls its partition, '(hd0,0)', or '/boot=(hd0,0)' for what is mounted there.", HelpName = "NAME",
    };

    private static readonly Option<string?> Entry = Text("--entry", "ENTRY", "Boot this entry by itself: a number, a title, an id, or a path of those, 'a>b'.");

    private static readonly Option<string?> ConsoleName = Text("--console", "NAME", "Make this the last console= of each entry: hvc0.");

    private static readonly Option<string?> Append = Text("--append", "TEXT", "Add this behind each entry's arguments.");

    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "Replace the marked block of this menu.lst, or make it; the rest of it stays. Without it, print.", HelpName = "FILE",
    };

    private static readonly Option<bool> Check = new("--check")
    {
        Description = "Write nothing; end with 9 where something was found that PV-GRUB can't do.",
    };

    private static readonly Option<string?> Loader = Text("--loader", "legacy|grub2", "Which PV-GRUB it is for: GRUB 0.97 or GRUB 2; without it, for both.");

    private static readonly Option<int?> Bits = new("--bits") { Description = "Bitness of that PV-GRUB, which must be the kernel's.", HelpName = "32|64" };

    private static readonly Option<string?> MergeInitrd = Text("--merge-initrd", "DIR", "Write entries' several initrds as one file, here.");

    private static readonly Option<bool> RequireConfinement = new("--require-confinement")
    {
        Description = "An error where a disk can't be read by a process without rights.",
    };

    /// <summary>The whole command line, with its help.</summary>
    public static RootCommand Build()
    {
        RootCommand root = new(
            """
            Writes a menu.lst for PV-GRUB from what a guest's own boot configuration, of any format, would boot.

              menulst-gen disk.img
              menulst-gen --root /mnt -o /mnt/boot/grub/menu.lst
              menulst-gen --check --bits 64 /dev/vg/guest

            Exit codes: 0 done, 1 usage, 2 not found, 3 unsupported, 4 corrupt, 5 over a limit, 6 can't read,
            7 can't write, 8 --require-confinement, 9 --check found something.
            """)
        {
            Images, Root, Device, GrubRoot, Entry, ConsoleName, Append, Output, Check, Loader, Bits, MergeInitrd, RequireConfinement,
        };
        root.SetAction(Run);
        return root;
    }

    private static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    private static int Run(ParseResult parsed)
    {
        try
        {
            return GenProgram.Run(Request(parsed), Environment.GetCommandLineArgs()[1..]);
        }
        catch (GenException e)
        {
            Console.Error.WriteLine($"menulst-gen: {e.Message}");
            return (int)e.Code;
        }
    }

    private static GenRequest Request(ParseResult parsed)
    {
        GenRequest request = new()
        {
            Images = parsed.GetValue(Images) ?? [],
            Root = parsed.GetValue(Root),
            Devices = parsed.GetValue(Device) ?? [],
            GrubRoots = parsed.GetValue(GrubRoot) ?? [],
            Entry = parsed.GetValue(Entry) is { } entry ? BytesOf(entry) : null,
            Console = Words("--console", parsed.GetValue(ConsoleName)),
            Append = Words("--append", parsed.GetValue(Append)),
            Output = parsed.GetValue(Output),
            Check = parsed.GetValue(Check),
            Loader = parsed.GetValue(Loader) switch
            {
                null => PvGrub.Any,
                "legacy" => PvGrub.Legacy,
                "grub2" => PvGrub.Grub2,
                string other => throw Usage($"--loader={other}: legacy or grub2"),
            },
            Bits = parsed.GetValue(Bits) is null or 32 or 64 ? parsed.GetValue(Bits) : throw Usage("--bits: 32 or 64"),
            MergeInitrd = parsed.GetValue(MergeInitrd),
            RequireConfinement = parsed.GetValue(RequireConfinement),
        };
        if ((request.Root is null) == (request.Images.Count == 0))
        {
            throw Usage("give the guest's disks (IMAGE...) or its root directory (--root), not both or none");
        }

        if (request.Root is not null && request.RequireConfinement)
        {
            throw Usage("--require-confinement is for disks: below --root the kernel reads the guest's filesystem");
        }

        return request.Root is null && (request.Devices.Count > 0 || request.GrubRoots.Count > 0)
            ? throw Usage("--device and --grub-root go with --root")
            : request;
    }

    /// <summary>An option's text, which goes into the menu.</summary>
    private static string? Words(string option, string? text) =>
        text is null ? null
        : text.Any(char.IsControl) || text.Length is 0 or > MaxOptionText
            ? throw Usage($"{option}: from 1 to {MaxOptionText} characters, no control characters")
        : BytesOf(text);

    /// <summary>One character for each byte, as the guest's texts have.</summary>
    private static string BytesOf(string text) => BootConfig.GuestText.FromBytes(System.Text.Encoding.UTF8.GetBytes(text));

    private static GenException Usage(string problem) => new(ExitCode.Usage, $"{problem} (--help)");
}
