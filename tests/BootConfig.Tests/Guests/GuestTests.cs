using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Guests;

/// <summary>
/// What distributions' own tools write, on disks cut as their installers do: every entry and the default, compared with real GRUB on the same disk, on the spot.
/// </summary>
public partial class GuestTests
{
    /// <summary>Commands that grub-emu hasn't got.</summary>
    private const string Missing = "fwsetup password_pbkdf2 hwmatch parttool drivemap serial loadfont background_image";

    private const string Shown = "linux linux16 linuxefi initrd initrd16 initrdefi multiboot multiboot2 module module2 xen_hypervisor xen_module chainloader";

    /// <summary>Behind the file that shows the menu: no waiting, no password, and all entries in turn where they are asked for.</summary>
    private const string Appended = """

        menuentry '@@end' { halt }
        set timeout=0
        set timeout_style=menu
        set pager=0
        unset superusers
        if [ "$guest_default" ]; then set default="$guest_default"; fi
        set fallback="$guest_fallback"

        """;

    public static TheoryData<string> Guests =>
        [.. Directory.GetFiles(Repo.Below("tests", "BootConfig.Tests", "Guests"), "*.guest").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Guests))]
    public void Boots_what_real_grub_boots(string name)
    {
        GuestDescription guest = GuestDescription.Load(Repo.Below("tests", "BootConfig.Tests", "Guests", name + ".guest"));
        MemoryHost host = guest.Host();
        Grub2Options options = new() { Platform = guest.Platform, Cpu = "x86_64", FilesMustExist = false };
        BootMenu menu = Grub2Config.Load(host, host.Volumes.First(volume => volume.GrubName == guest.Config.Volume), guest.Config.Path, options);

        using RealGrub grub = new();
        string disk = grub.MakeDisk(guest, Appended);
        string all = string.Join(' ', Enumerable.Range(1, menu.Entries.Count));
        string end = menu.Entries.Count.ToString(CultureInfo.InvariantCulture);
        HashSet<string> submenus = [.. menu.Entries.SelectMany(Submenus).Select(entry => entry.Title)];
        string real = $"default: {Run(grub, disk, guest, submenus, "", end)}{Run(grub, disk, guest, submenus, "0", all)}";
        StringBuilder ours = new($"default: {Describe(menu.Default!)}");
        foreach (BootEntry entry in menu.Entries)
        {
            ours.Append(Describe(First(entry)));
        }

        foreach (BootEntry entry in menu.Entries.SelectMany(Below))
        {
            real += Run(grub, disk, guest, submenus, entry.Index, end);
            ours.Append(Describe(entry));
        }

        Assert.Equal(real, ours.ToString());
    }

    /// <summary>Entries of submenus.</summary>
    private static IEnumerable<BootEntry> Below(BootEntry entry) => entry.Children.SelectMany(child => child.IsSubmenu ? Below(child) : [child]);

    /// <summary>What a submenu boots whose default isn't set.</summary>
    private static BootEntry First(BootEntry entry) => entry.IsSubmenu ? First(entry.Children[0]) : entry;

    private static IEnumerable<BootEntry> Submenus(BootEntry entry) => entry.IsSubmenu ? entry.Children.SelectMany(Submenus).Prepend(entry) : [];

    /// <summary>Boots an entry, and those that fallback names; the last one must leave GRUB.</summary>
    private static string Run(RealGrub grub, string disk, GuestDescription guest, HashSet<string> submenus, string byDefault, string fallback)
    {
        string functions = string.Concat(Shown.Split(' ').Select(name => $"function {name} {{ echo \"@@{name} $root\"; for guest_word in \"$@\"; do echo \"@@ $guest_word\"; done; }}\n"));
        functions += string.Concat(Missing.Split(' ').Select(name => $"function {name} {{ true; }}\n"));
        string folder = guest.Config.Path[..guest.Config.Path.LastIndexOf('/')];
        string printed = grub.Run(
            $"""
            {functions}set root='{guest.Config.Volume}'
            set prefix='({guest.Config.Volume}){folder}'
            set grub_platform={guest.Platform}
            set guest_default='{byDefault}'
            set guest_fallback='{fallback}'
            export root; export prefix; export grub_platform; export guest_default; export guest_fallback
            configfile '({guest.Config.Volume}){guest.Config.Path}'
            """,
            disk);
        Assert.True(printed.Contains("@@end", StringComparison.Ordinal), printed);
        return Entries(printed, submenus);
    }

    /// <summary>What GRUB printed, in the words of <see cref="Describe"/>.</summary>
    private static string Entries(string printed, HashSet<string> submenus)
    {
        StringBuilder text = new();
        foreach (string booted in Booting().Split(printed).Skip(1))
        {
            if (booted.StartsWith("@@end", StringComparison.Ordinal))
            {
                continue;
            }

            string title = booted[..booted.IndexOf("'\n", StringComparison.Ordinal)];
            if (submenus.Contains(title))
            {
                continue; // its entry is the next one
            }

            text.Append(title).Append('\n');
            List<List<string>> commands = [];
            foreach (string line in booted.Split('\n').Where(line => line.StartsWith("@@", StringComparison.Ordinal)))
            {
                if (line.StartsWith("@@ ", StringComparison.Ordinal))
                {
                    commands[^1].Add(line[3..]);
                }
                else
                {
                    commands.Add([.. line[2..].Split(' ')]);
                }
            }

            Append(text, commands);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, List<List<string>> commands)
    {
        List<string>? linux = commands.LastOrDefault(words => words[0].StartsWith("linux", StringComparison.Ordinal));
        if (linux is null)
        {
            text.Append(commands.Count == 0 ? "  nothing\n" : $"  {commands[0][0]}\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"  {Place(linux[1], linux[2])}\n  {string.Join(' ', linux.Skip(3).Select(Quote))}\n");
        List<string>? initrd = commands.LastOrDefault(words => words[0].StartsWith("initrd", StringComparison.Ordinal));
        foreach (string file in initrd?.Skip(2) ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Place(initrd![1], file)}\n");
        }
    }

    private static string Describe(BootEntry entry)
    {
        string plan = entry.Plan() switch
        {
            LinuxBoot { Hypervisor: null } linux => $"  {linux.Kernel}\n  {linux.Arguments}\n{string.Concat(linux.Initrds.Select(file => $"  {file}\n"))}",
            LinuxBoot => "  multiboot2\n",
            OtherBoot other => other.What.StartsWith("chainloader", StringComparison.Ordinal) ? "  chainloader\n" : "  nothing\n",
            BootPlan plan2 => plan2.ToString(),
        };
        return $"{entry.Title}\n{plan}";
    }

    /// <summary>A partition's number alone is good for GRUB; here it has its table's name.</summary>
    private static string Place(string root, string path) =>
        BareNumber().Replace(path is ['(', ..] ? path : $"({root}){path}", "(hd0,msdos");

    // lib/cmdline.c
    private static string Quote(string word)
    {
        string escaped = string.Concat(word.Select(c => c is '\\' or '\'' or '"' ? $"\\{c}" : c.ToString()));
        return word.Contains(' ') ? $"\"{escaped}\"" : escaped;
    }

    [GeneratedRegex(@"^\(hd0,(?=\d)")]
    private static partial Regex BareNumber();

    [GeneratedRegex(@"(?:Booting|Falling back to) `")]
    private static partial Regex Booting();
}
