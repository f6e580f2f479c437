using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

public class GrubLegacyTests
{
    [Fact]
    public void Root_kernel_and_initrd_make_a_linux()
    {
        LinuxBoot boot = Menus.Linux("title A\nroot (hd0,0)\nkernel /vmlinuz root=/dev/xvda1 ro\ninitrd /initrd.img\n");
        Assert.Equal("(hd0,msdos1)/vmlinuz", boot.Kernel.ToString());
        Assert.Equal(["(hd0,msdos1)/initrd.img"], boot.Initrds.Select(file => file.ToString()));
        Assert.Equal("root=/dev/xvda1 ro", boot.Arguments);
        Assert.Null(boot.Hypervisor);
    }

    [Theory]
    [InlineData("title=A\nkernel=/v a=b c\n")]
    [InlineData("\ttitle\tA\r\n  kernel\t/v  a=b\tc \r\n\r\n")]
    [InlineData("title A\n#kernel /x\nkernel /v a=b \\\nc")]
    [InlineData("title A\n# a comment that goes on \\\nkernel /x\nkernel /v a=b c\n")]
    [InlineData("title A\nkernel --type=linux --no-mem-option /v a=b c\n")]
    [InlineData("unknown stuff\ntitle A\nnonsense\nkernel /v a=b c\nboot\nkernel /x\n")]
    [InlineData("title A\nkernel /x\nmodule /y\nkernel /v a=b c\n")]
    public void Lines_are_cut_as_grub_cuts_them(string text)
    {
        BootMenu menu = Menus.Load(text);
        Assert.Equal("A", Assert.Single(menu.Entries).Title);
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Default!.Plan());
        Assert.Equal("/v", boot.Kernel.Path);
        Assert.Equal(["a=b", "c"], boot.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("(hd0)", "hd0")]
    [InlineData("(hd0,0)", "hd0,msdos1")]
    [InlineData("(hd0,4)", "hd0,msdos5")]
    [InlineData("(hd1,1)", "hd1,gpt2")]
    [InlineData("(hd1,1,a)", "hd1,gpt2")]
    [InlineData("(hd1,gpt2)", "hd1,gpt2")]
    public void Partitions_are_counted_from_zero(string root, string expected)
    {
        foreach (string text in new[] { $"title A\nroot {root}\nkernel /v\n", $"title A\nrootnoverify {root}\nkernel /v\n", $"title A\nkernel {root}/v\n" })
        {
            Assert.Equal(expected, Menus.KernelVolume(Menus.Load(Menus.Disks(), text)));
        }
    }

    [Theory]
    [InlineData("uuid 1234-ABCD", "hd1,gpt2")]
    [InlineData("findroot (pool_rpool,0,a)", "hd0,msdos5")]
    [InlineData("find --set-root --ignore-floppies /marker", "hd1,gpt2")]
    [InlineData("find /marker", "hd0,msdos1")]
    public void The_root_can_be_searched_for(string command, string expected)
    {
        MemoryHost host = Menus.Disks();
        ((MemoryVolume)host.Volumes[2]).File("/boot/grub/bootsign/pool_rpool");
        ((MemoryVolume)host.Volumes[3]).File("/marker");
        Assert.Equal(expected, Menus.KernelVolume(Menus.Load(host, $"title A\n{command}\nkernel /v\n")));
    }

    [Fact]
    public void A_root_that_the_guest_does_not_have_means_the_volume_of_the_menu_and_is_said()
    {
        BootMenu menu = Menus.Load("title A\nroot (hd6,0)\nkernel /v\n");
        Assert.Equal("hd0,msdos1", Menus.KernelVolume(menu));
        Assert.Equal(["(hd0,msdos1)/boot/grub/menu.lst:2:1: the guest has no (hd6,0): taken as (hd0,msdos1), which holds this file"], menu.Warnings);
    }

    [Fact]
    public void A_kernel_that_is_only_beside_the_menu_is_taken_from_there_and_said()
    {
        MemoryHost host = Menus.Disks();
        ((MemoryVolume)host.Volumes[3]).Files.Remove("/v");
        BootMenu menu = Menus.Load(host, "title A\nroot (hd1,1)\nkernel /v\n");
        Assert.Equal("hd0,msdos1", Menus.KernelVolume(menu));
        Assert.Single(menu.Warnings);
    }

    [Fact]
    public void The_last_initrd_counts_and_of_its_words_the_first() => Assert.Equal(
        ["/b"], Menus.Linux("title A\nkernel /v\ninitrd /a\ninitrd /b /c\n").Initrds.Select(file => file.Path));

    [Fact]
    public void A_xen_entry_boots_the_linux_in_its_modules()
    {
        LinuxBoot boot = Menus.Linux("title X\nkernel /xen.gz dom0_mem=1G\nmodule /vmlinuz-xen ro  quiet\nmodulenounzip /initrd\nmodule /policy\n");
        Assert.Equal("/vmlinuz-xen", boot.Kernel.Path);
        Assert.Equal("ro  quiet", boot.Arguments);
        Assert.Equal(["/initrd"], boot.Initrds.Select(file => file.Path));
        Assert.Equal("/xen.gz", boot.Hypervisor!.Path);
    }

    [Theory]
    [InlineData("rootnoverify (hd0,0)\nmakeactive\nchainloader +1", "chainloader +1")]
    [InlineData("kernel /boot/multiboot kernel/unix -s\nmodule /boot/x86.miniroot-safe", "multiboot kernel /boot/multiboot")]
    [InlineData("kernel --type=netbsd /netbsd", "netbsd kernel /netbsd")]
    [InlineData("halt", "halt")]
    [InlineData("root (hd0,0)\nlock", "no kernel")]
    public void What_is_no_linux_says_what_it_is(string commands, string expected) =>
        Assert.Equal(expected, Assert.IsType<OtherBoot>(Menus.Load($"title A\n{commands}\n").Default!.Plan()).What);

    [Theory]
    [InlineData("kernel vmlinuz", ":2:1: kernel vmlinuz: the file's name must begin with a slash")]
    [InlineData("kernel (hd0,0 /v", ":2:1: kernel (hd0,0: the file's name must begin with a slash")]
    [InlineData("kernel --type=beos /v", ":2:1: kernel --type=beos: no such type")]
    [InlineData("kernel (nd)/x", ":2:1: kernel (nd)/x: the guest has no such device")]
    [InlineData("root (hd0,0", ":2:1: root (hd0,0: the bracket is not closed")]
    public void What_fails_says_where(string command, string problem)
    {
        BootEntry entry = Assert.Single(Menus.Load($"title A\n{command}\n").Entries);
        Assert.Equal($"(hd0,msdos1){Menus.Lst}{problem}", Assert.Throws<BootConfigException>(() => entry.Plan()).Message);
    }

    [Fact]
    public void A_title_without_commands_is_not_in_the_menu() =>
        Assert.Equal(["B"], Menus.Load("title A\ntitle B\nkernel /v\ntitle C\nwhatever\n").Entries.Select(entry => entry.Title));

    [Theory]
    [InlineData("default 1", "1", "default is 1")]
    [InlineData("default=1", "1", "default is 1")]
    [InlineData("default\t0x2", "2", "default is 2")]
    [InlineData("", "0", "default is not set: the first entry")]
    [InlineData("default one", "0", "default is not set: the first entry")]
    [InlineData("default 1\ndefault 99999999999", "1", "default is 1")]
    [InlineData("default 7", "0", "default is 7, but there are only 3 entries: entry 0")]
    [InlineData("default 7\nfallback 9 2 1", "2", "default is 7, but there are only 3 entries: entry 2")]
    [InlineData("default saved", "2", "default is saved, and (hd0,msdos1)/boot/grub/default says 2")]
    [InlineData("default saved\ndefault 1", "1", "default is 1")]
    public void The_default_is_chosen_as_grub_does(string global, string index, string reason)
    {
        MemoryHost host = Menus.Three(global);
        ((MemoryVolume)host.Volumes[0]).File("/boot/grub/default", "2\n#\n#\n");
        BootMenu menu = GrubLegacyConfig.Load(host, host.Volumes[0], Menus.Lst);
        Assert.Equal((index, reason), (menu.Default!.Index, menu.DefaultReason));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\n1\n")]
    [InlineData("99999999999\n")]
    public void A_saved_default_that_holds_no_number_is_the_first_entry(string? content)
    {
        MemoryHost host = Menus.Three("default saved");
        if (content is not null)
        {
            ((MemoryVolume)host.Volumes[0]).File("/boot/grub/default", content);
        }

        // "99999999999" is cut to its first nine bytes, which is an entry that isn't there.
        Assert.Equal("0", GrubLegacyConfig.Load(host, host.Volumes[0], Menus.Lst).Default!.Index);
    }

    [Fact]
    public void Fallbacks_are_those_entries_that_are_there_each_once()
    {
        MemoryHost host = Menus.Three("fallback 2 2 9 1 0");
        Assert.Equal(["2", "1"], GrubLegacyConfig.Load(host, host.Volumes[0], Menus.Lst).Fallbacks.Select(entry => entry.Index));
    }

    [Theory]
    [InlineData("timeout 5", 5, "menu")]
    [InlineData("timeout=5\nhiddenmenu", 5, "hidden")]
    [InlineData("hiddenmenu", null, "menu")] // without a timeout the menu is shown and waits
    [InlineData("timeout x", null, "menu")]
    public void Timeout_and_hiddenmenu(string global, int? seconds, string style)
    {
        BootMenu menu = Menus.Load($"{global}\ntitle A\nkernel /v\n");
        Assert.Equal((seconds, style), (menu.TimeoutSeconds, menu.TimeoutStyle));
    }

    [Fact]
    public void The_password_is_kept_for_the_menu() => Assert.Equal(
        "--md5 $1$M9NLj$p2g /boot/x.lst", Menus.Load("password --md5 $1$M9NLj$p2g /boot/x.lst\ntitle A\nlock\nkernel /v\n").Password);

    [Fact]
    public void Configfile_is_a_submenu_with_its_own_default()
    {
        MemoryHost host = MemoryHost.With(
            (Menus.Lst, "default 1\ntitle A\nkernel /v\ntitle More\nroot (hd0,0)\nconfigfile /other.lst\n"),
            ("/other.lst", "default 1\ntitle B\nkernel /b\ntitle C\nkernel /c\n"));
        BootMenu menu = GrubLegacyConfig.Load(host, host.Volumes[0], Menus.Lst);
        Assert.True(menu.Entries[1].IsSubmenu);
        Assert.Equal(["1>0", "1>1"], menu.Entries[1].Children.Select(entry => entry.Index));
        Assert.Equal("1>1", menu.Default!.Index);
        Assert.Equal("1>0", menu.Select("More>B")!.Index);
        Assert.Equal("1>1", menu.Select("1")!.Index);
        Assert.Null(menu.Select("0>1"));
    }

    [Fact]
    public void Configfile_of_a_file_that_is_not_there_fails_when_it_is_booted()
    {
        BootEntry entry = Assert.Single(Menus.Load("title A\nconfigfile /nothing\n").Entries);
        Assert.False(entry.IsSubmenu);
        Assert.Equal("(hd0,msdos1)/nothing: file not found", Assert.Throws<BootConfigException>(() => entry.Plan()).Message);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("C", "2")]
    [InlineData("7", null)]
    [InlineData("", null)]
    [InlineData("nothing", null)]
    public void Entries_are_selected_by_number_or_title(string selector, string? index)
    {
        MemoryHost host = Menus.Three("");
        Assert.Equal(index, GrubLegacyConfig.Load(host, host.Volumes[0], Menus.Lst).Select(selector)?.Index);
    }

    [Fact]
    public void Origin_names_the_file_and_the_titles_line() =>
        Assert.Equal($"(hd0,msdos1){Menus.Lst}:3:1", Menus.Load("default 0\n\ntitle A\nkernel /v\n").Entries[0].Origin);
}
