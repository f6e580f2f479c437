using BlockRbd.BootConfig.Syslinux;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Syslinux;

/// <summary>What SYSLINUX 6 does with a configuration: its manual (doc/syslinux.txt, doc/menu.txt) and readconfig.c.</summary>
public class SyslinuxConfigTests
{
    private const string Path = "/boot/extlinux/extlinux.conf";

    [Theory]
    [InlineData("LABEL a\nKERNEL vmlinuz\n", "/boot/extlinux/vmlinuz - ")]
    [InlineData("label a\nkernel ../vmlinuz\ninitrd ../../i\n", "/boot/vmlinuz - /i ")]
    [InlineData("label a\nlinux /vmlinuz\nappend root=/dev/xvda1 ro\n", "/vmlinuz root=/dev/xvda1 ro - ")]
    [InlineData("label a\nlinux /k\nappend x initrd=/i,j y\n", "/k x y - /i /boot/extlinux/j ")]
    [InlineData("label a\nlinux /k\ninitrd /ucode,/i\nappend x\n", "/k x - /ucode /i ")]
    [InlineData("label a\nlinux /k\ninitrd /second\nappend initrd=/first x\n", "/k x - /first ")] // new_linux_kernel: the first one counts
    [InlineData("label a\nlinux /k\ninitrd /i\ninitrd /j\n", "/k - /j ")]
    [InlineData("append g\nlabel a\nlinux /k\n", "/k g - ")]
    [InlineData("append g\nlabel a\nlinux /k\nappend own\n", "/k own - ")] // its own replaces the global one
    [InlineData("append g\nlabel a\nlinux /k\nappend -\n", "/k - ")]
    [InlineData("label vmlinuz\nmenu label A\n", "/boot/extlinux/vmlinuz - ")] // no KERNEL: the label is the file
    [InlineData("label a\nkernel /k from kernel\nappend more\n", "/k from kernel more - ")]
    [InlineData("label a\nlinux /k.c32\n", "/k.c32 - ")]
    [InlineData("label a\nlinux ::k\ninitrd ::/i\n", "/k - /i ")]
    [InlineData("label a\nkernel linux.c32\nappend /k x initrd=/i\n", "/k x - /i ")]
    [InlineData("label a\n\tlinux /k\r\n\tappend x\ty \r\n", "/k x y - ")]
    [InlineData("label a\nlinux /../../k\n", "/k - ")]
    public void Boots(string config, string expected) => Assert.Equal(expected, Shown(Load(config).Default!.Plan()));

    [Theory]
    [InlineData("label a\ncom32 chain.c32\nappend hd0 1\n", "COM32 chain.c32 hd0 1")]
    [InlineData("label a\nkernel /chain.c32\nappend hd0\n", "COM32 chain.c32 hd0")]
    [InlineData("label a\nlocalboot 0x80\n", "LOCALBOOT 0x80")]
    [InlineData("label a\nkernel boot.bss\n", "BSS boot.bss")]
    [InlineData("label a\nkernel pxelinux.0\n", "PXE pxelinux.0")]
    [InlineData("label a\nfdimage f.img\n", "FDIMAGE f.img")]
    [InlineData("label a\nboot sector\n", "BOOT sector")]
    public void Says_what_else_it_boots(string config, string expected) =>
        Assert.Equal(expected, Assert.IsType<OtherBoot>(Load(config).Default!.Plan()).What);

    [Fact]
    public void Mboot_starts_a_hypervisor_with_modules()
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(Load("label a\nkernel mboot.c32\nappend /xen.gz dom0_mem=1G --- /k ro x --- /i\n").Default!.Plan());
        Assert.Equal("(hd0,msdos1)/xen.gz", boot.Hypervisor!.ToString());
        Assert.Equal("/k ro x - /i ", Shown(boot));
    }

    [Theory]
    [InlineData("default b\nlabel a\nlinux /a\nlabel b\nlinux /b\n", "b", "default is \"b\"")]
    [InlineData("default b more words\nlabel a\nlinux /a\nlabel b\nlinux /b\n", "b", "default is \"b more words\"")]
    [InlineData("label a\nlinux /a\nlabel b\nlinux /b\n", "a", "no default: the first label")]
    [InlineData("ui menu.c32\nlabel a\nlinux /a\nlabel b\nmenu default\nlinux /b\n", "b", "it has \"menu default\"")]
    [InlineData("default vesamenu.c32\nlabel a\nlinux /a\nlabel b\nmenu default\nlinux /b\n", "b", "it has \"menu default\"")]
    [InlineData("ui menu.c32\ndefault a\nlabel a\nlinux /a\nlabel b\nmenu default\nlinux /b\n", "a", "default is \"a\"")]
    [InlineData("ui menu.c32\ntimeout 50\nontimeout b\nlabel a\nlinux /a\nlabel b\nlinux /b\n", "b", "ontimeout is \"b\", for after 5 s")]
    [InlineData("ontimeout b\ndefault a\nlabel a\nlinux /a\nlabel b\nlinux /b\n", "a", "default is \"a\"")] // nothing waits, so nothing runs out
    [InlineData("prompt 1\ntimeout 9\nontimeout b\ndefault a\nlabel a\nlinux /a\nlabel b\nlinux /b\n", "b", "ontimeout is \"b\", for after 1 s")]
    [InlineData("ui menu.c32\nmenu begin\nmenu default\nlabel a\nlinux /a\nmenu end\nlabel b\nlinux /b\n", "a", "it has \"menu default\"")]
    [InlineData("ui menu.c32\nlabel b\nlinux /b\nmenu begin s\nmenu start\nlabel a\nlinux /a\nmenu end\n", "a", "no default: the menu's first label")]
    [InlineData("default h\nlabel a\nlinux /a\nlabel h\nmenu hide\nlinux /h\n", "h", "default is \"h\"")]
    public void Default_is(string config, string label, string reason)
    {
        BootMenu menu = Load(config);
        Assert.Equal((label, reason), (menu.Default!.Id, menu.DefaultReason));
    }

    [Fact]
    public void Default_may_be_a_kernel_that_no_label_names()
    {
        BootMenu menu = Load("append g\ndefault /k x initrd=/i\n");
        Assert.Equal("/k g x - /i ", Shown(menu.Default!.Plan()));
        Assert.Same(menu.Default, Assert.Single(menu.Entries));
    }

    [Theory]
    [InlineData("", 0, "hidden")]
    [InlineData("timeout 50\n", 0, "hidden")] // no UI, no PROMPT: boots at once
    [InlineData("prompt 1\ntimeout 50\n", 5, "hidden")]
    [InlineData("ui menu.c32\ntimeout 41\n", 5, "menu")]
    [InlineData("ui menu.c32\n", null, "menu")]
    [InlineData("ui menu.c32\nmenu hidden\ntimeout 10\n", 1, "hidden")]
    public void Timeout_is(string config, int? seconds, string style)
    {
        BootMenu menu = Load(config + "label a\nlinux /a\n");
        Assert.Equal((seconds, style), (menu.TimeoutSeconds, menu.TimeoutStyle));
    }

    [Fact]
    public void Submenus_and_hotkeys()
    {
        BootMenu menu = Load("""
            ui menu.c32
            label one
              menu label ^One
              linux /1
            menu begin tag
              menu title More
              label two
                menu label T^wo
                linux /2
                text help
                label nothing
                endtext
              menu begin
                menu label Inner
                label three
                linux /3
              menu end
              label back
                menu exit
            menu end
            menu separator
            label four
              menu disable
            label five
              menu indent 2
              linux /5
            """);
        Assert.Equal(["0 One", "1 More", "1>0 Two", "1>1 Inner", "1>1>0 three", "2 five"], Flat(menu.Entries));
        Assert.Equal("three", menu.Select("More>Inner>three")!.Id);
        Assert.Equal("three", menu.Select("1>1>0")!.Id);
        Assert.Equal("two", menu.Select("1")!.Id);
        Assert.Null(menu.Select("6"));
        Assert.Equal($"(hd0,msdos1){Path}:2", menu.Entries[0].Origin);
    }

    [Fact]
    public void Included_files_are_relative_to_the_configuration_too()
    {
        BootMenu menu = Load(
            "include sub/a.cfg\nmenu include /b.cfg Other things\nlabel last\nlinux k\n",
            ("/boot/extlinux/sub/a.cfg", "label a\nlinux k\ninclude sub/c.cfg\n"), ("/boot/extlinux/sub/c.cfg", "append from-c\n"), ("/b.cfg", "label b\nlinux k\n"));
        Assert.Equal(["0 a", "1 Other things", "1>0 b", "2 last"], Flat(menu.Entries));
        Assert.Equal("/boot/extlinux/k from-c - ", Shown(menu.Entries[0].Plan()));
    }

    [Fact]
    public void An_included_file_that_is_missing_is_a_warning() => Assert.Equal(
        [$"(hd0,msdos1){Path}:1: (hd0,msdos1)/boot/extlinux/gone.cfg is not there"], Load("include gone.cfg\nlabel a\nlinux /k\n").Warnings);

    [Theory]
    [InlineData("config /other/o.cfg /other")]
    [InlineData("config /other/o.cfg")]
    [InlineData("kernel menu.c32\nappend /other/o.cfg")]
    public void A_label_may_lead_to_another_configuration(string command)
    {
        BootMenu menu = Load($"label a\n{command}\nlabel b\nlinux /b\n", ("/other/o.cfg", "default y\nlabel x\nlinux k\nlabel y\nlinux k\n"));
        Assert.Equal(["0 a", "0>0 x", "0>1 y", "1 b"], Flat(menu.Entries));
        Assert.Equal("0>1", menu.Default!.Index);
        Assert.Equal(command.EndsWith(" /other", StringComparison.Ordinal) ? "/other/k - " : "/boot/extlinux/k - ", Shown(menu.Default!.Plan()));
    }

    [Fact]
    public void Another_partition_is_named_in_brackets()
    {
        MemoryHost host = MemoryHost.With((Path, "label a\nlinux (hd0,2)/k\nlabel b\nlinux (hd0,3)/k\n"));
        host.Add("hd0,msdos2");
        BootMenu menu = SyslinuxConfig.Load(host, host.Volumes[0], Path);
        Assert.Equal("(hd0,msdos2)/k", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.ToString());
        Assert.Contains("no such partition", Assert.Throws<BootConfigException>(() => menu.Entries[1].Plan()).Message);
    }

    [Fact]
    public void A_device_tree_is_told_of() => Assert.Equal(
        "/dtb/x.dtb", Assert.IsType<LinuxBoot>(Load("label a\nlinux /k\nfdt /dtb/x.dtb\n").Default!.Plan()).DeviceTree!.Path);

    [Fact]
    public void Letters_beyond_ascii_stay_whole()
    {
        string title = GuestText.FromBytes("Démarrer à"u8);
        Assert.Equal(title, Load($"label a\nmenu label {title}\nlinux /k\n").Entries[0].Title);
    }

    [Theory]
    [InlineData("include extlinux.conf\n")]
    [InlineData("menu include extlinux.conf x\n")]
    public void Files_that_include_themselves_end(string config) => Assert.Throws<BootConfigException>(() => Load(config));

    [Fact]
    public void Configurations_that_lead_to_each_other_end()
    {
        BootMenu menu = Load("label a\nconfig extlinux.conf\nlabel b\nconfig extlinux.conf\n");
        Assert.Equal("config extlinux.conf leads back to the menu of (hd0,msdos1)/boot/extlinux/extlinux.conf", Assert.IsType<OtherBoot>(menu.Default!.Plan()).What);
    }

    [Theory]
    [InlineData("config /p.cfg", "config /p.cfg leads to the prompt of (hd0,msdos1)/p.cfg, which has no menu")]
    [InlineData("config /gone.cfg", "config /gone.cfg names (hd0,msdos1)/gone.cfg, which is not there")]
    [InlineData("config /empty.cfg", "config /empty.cfg has no labels")]
    public void A_configuration_without_a_menu_boots_nothing(string command, string what) => Assert.Equal(
        what, Assert.IsType<OtherBoot>(Load($"label a\n{command}\n", ("/p.cfg", "prompt 1\nlabel x\nlinux /k\n"), ("/empty.cfg", "")).Default!.Plan()).What);

    [Fact]
    public void Menus_without_end_end() =>
        Assert.Contains("deeper than", Assert.Throws<BootConfigException>(() => Load(string.Concat(Enumerable.Repeat("menu begin\n", 100)))).Message);

    [Fact]
    public void Labels_without_end_end() =>
        Assert.Contains("more than", Assert.Throws<BootConfigException>(() => Load(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"label {i}\n")))).Message);

    [Fact]
    public void Only_the_librarys_exceptions_come_out_of_noise()
    {
        string[] words = ["label", "menu", "begin", "end", "include", "append", "initrd=", "kernel", "x.c32", "mboot.c32", "---", "default", "ui", "(hd0", ")", "\n", "\n", " ", "\t", "\0", "^", "..", "/", "config", "extlinux.conf", "ifcpu64.c32", "com32", "text", "\r", "a", "\u00a0"];
        Random random = new(5);
        for (int i = 0; i < 3000; i++)
        {
            string config = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => words[random.Next(words.Length)] + (random.Next(2) == 0 ? " " : "")));
            try
            {
                BootMenu menu = Load(config);
                _ = Flat(menu.Entries).ToList();
                menu.Default?.Plan();
            }
            catch (BootConfigException)
            {
                // What a bad configuration may end in.
            }
        }
    }

    private static BootMenu Load(string config, params (string Path, string Text)[] more)
    {
        MemoryHost host = MemoryHost.With([(Path, config), .. more]);
        return SyslinuxConfig.Load(host, host.Volumes[0], Path);
    }

    private static string Shown(BootPlan plan)
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(plan);
        return $"{boot.Kernel.Path} {(boot.Arguments.Length > 0 ? boot.Arguments + " " : "")}- {string.Concat(boot.Initrds.Select(file => file.Path + " "))}";
    }

    private static IEnumerable<string> Flat(IEnumerable<BootEntry> entries) =>
        entries.SelectMany(entry => Flat(entry.Children).Prepend($"{entry.Index} {entry.Title}"));
}
