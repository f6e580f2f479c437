using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

public class BootFinderTests
{
    private const string Menu = "title A\nkernel /v\n";

    [Theory]
    [InlineData("/boot/grub/menu.lst")]
    [InlineData("/boot/grub/grub.conf")]
    [InlineData("/grub/menu.lst")]
    [InlineData("/grub/grub.conf")]
    public void Every_place_of_a_legacy_menu_is_looked_at(string path)
    {
        BootSearch search = BootFinder.Find(MemoryHost.With((path, Menu), ("/v", "")));
        Assert.Equal($"(hd0,msdos1){path}", search.Menu!.Config.ToString());
        Assert.Equal(new LookedAt($"(hd0,msdos1){path}", "taken: GRUB legacy, 1 entry"), search.Looked[^1]);
    }

    [Fact]
    public void Nothing_found_says_what_was_looked_at_on_every_volume()
    {
        MemoryHost host = new();
        host.Add("hd0", unreadable: "partition table msdos with 2 partitions");
        host.Add("hd0,msdos1").File("/etc/fstab");
        BootSearch search = BootFinder.Find(host);
        Assert.Null(search.Menu);
        Assert.Equal(new LookedAt("(hd0)", "partition table msdos with 2 partitions"), search.Looked[0]);
        string looked = string.Join('\n', search.Looked.Skip(1).Select(at => $"{at.Place} {at.Outcome}"));
        Assert.Equal(
            """
            (hd0,msdos1) not there: /boot/grub/grub.cfg, /grub/grub.cfg, /boot/grub2/grub.cfg, /grub2/grub.cfg
            (hd0,msdos1) not there: /EFI/*/grub.cfg, /efi/*/grub.cfg, /boot/efi/EFI/*/grub.cfg, /grub.cfg
            (hd0,msdos1) not there: /boot/isolinux/isolinux.cfg, /boot/extlinux/extlinux.conf, /boot/extlinux.conf, /extlinux/extlinux.conf, /extlinux.conf, /boot/syslinux/extlinux.conf, /boot/syslinux/syslinux.cfg, /boot/syslinux.cfg, /syslinux/extlinux.conf, /syslinux/syslinux.cfg, /syslinux.cfg, /isolinux/isolinux.cfg, /isolinux.cfg, /EFI/syslinux/syslinux.cfg, /EFI/BOOT/syslinux.cfg
            (hd0,msdos1) not there: /boot/grub/menu.lst, /boot/grub/grub.conf, /grub/menu.lst, /grub/grub.conf
            (hd0,msdos1) not there: /loader/loader.conf, /EFI/Linux, /boot/loader/loader.conf, /boot/EFI/Linux, /efi/loader/loader.conf, /efi/EFI/Linux, /boot/efi/loader/loader.conf, /boot/efi/EFI/Linux
            (hd0,msdos1) not there: /boot/loader/entries, /loader/entries
            (hd0,msdos1) not there: /etc/lilo.conf, /etc/elilo.conf, /EFI/*/elilo.conf, /efi/*/elilo.conf, /boot/efi/EFI/*/elilo.conf
            """,
            looked);
    }

    [Fact]
    public void The_boot_disk_comes_first_and_on_it_the_active_partition()
    {
        MemoryHost host = new();
        host.Add("hd0,msdos1").File("/grub/menu.lst", Menu).File("/v");
        host.Add("hd0,msdos2", isActive: true).File("/grub/menu.lst", Menu).File("/v");
        host.Add("hd1,msdos1", isActive: true).File("/boot/grub/menu.lst", Menu).File("/v");
        Assert.Equal("(hd0,msdos2)/grub/menu.lst", BootFinder.Find(host).Menu!.Config.ToString());
    }

    [Fact]
    public void A_menu_without_an_entry_is_passed_over()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(("/boot/grub/menu.lst", "default 0\n"), ("/grub/menu.lst", Menu), ("/v", "")));
        Assert.Equal("/grub/menu.lst", search.Menu!.Config.Path);
        Assert.Contains(new LookedAt("(hd0,msdos1)/boot/grub/menu.lst", "passed over: GRUB legacy without an entry"), search.Looked);
    }

    [Fact]
    public void A_menu_whose_kernels_are_gone_is_passed_over_for_one_that_boots()
    {
        MemoryHost host = MemoryHost.With(("/boot/grub/menu.lst", "title Old\nkernel /old\ntitle DOS\nchainloader +1\n"), ("/grub/menu.lst", Menu), ("/v", ""));
        BootSearch search = BootFinder.Find(host);
        Assert.Equal("/grub/menu.lst", search.Menu!.Config.Path);
        Assert.Contains(
            new LookedAt("(hd0,msdos1)/boot/grub/menu.lst", "GRUB legacy, 2 entries, but no entry can be booted: (hd0,msdos1)/old is not there", LookResult.Fault), search.Looked);
        Assert.Equal(
            ["(hd0,msdos1)/boot/grub/menu.lst: GRUB legacy, 2 entries, but no entry can be booted: (hd0,msdos1)/old is not there; (hd0,msdos1)/grub/menu.lst is taken instead"],
            search.Warnings);
    }

    [Fact]
    public void A_menu_of_the_first_choice_comes_without_a_warning() =>
        Assert.Empty(BootFinder.Find(MemoryHost.With(("/boot/grub/menu.lst", Menu), ("/v", ""))).Warnings);

    [Fact]
    public void A_script_that_never_ends_is_a_warning_where_another_menu_is_taken_and_the_reason_where_none_is()
    {
        const string Endless = "while true; do true; done";
        BootSearch search = BootFinder.Find(MemoryHost.With(("/boot/grub/grub.cfg", Endless), ("/grub/menu.lst", Menu), ("/v", "")));
        string warning = Assert.Single(search.Warnings);
        Assert.StartsWith("(hd0,msdos1)/boot/grub/grub.cfg: passed over: ", warning, StringComparison.Ordinal);
        Assert.EndsWith("; (hd0,msdos1)/grub/menu.lst is taken instead", warning, StringComparison.Ordinal);

        search = BootFinder.Find(MemoryHost.With(("/boot/grub/grub.cfg", Endless)));
        Assert.Null(search.Menu);
        Assert.Contains("does not end within", search.WhyNothing(), StringComparison.Ordinal);
        Assert.DoesNotContain("lilo.conf", search.WhyNothing(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_boots_the_first_menu_with_an_entry_is_shown()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(("/boot/grub/menu.lst", "title DOS\nchainloader +1\n")));
        Assert.Equal("DOS", search.Menu!.Default!.Title);
        Assert.Contains(
            new LookedAt(
                "(hd0,msdos1)/boot/grub/menu.lst",
                "taken for want of a better one: GRUB legacy, 1 entry, but no entry can be booted: \"DOS\" boots no Linux but chainloader +1"),
            search.Looked);
    }

    [Fact]
    public void A_menu_whose_default_fails_but_another_entry_boots_is_taken() => Assert.Equal(
        "A", BootFinder.Find(MemoryHost.With(("/boot/grub/menu.lst", "title X\nkernel /x\n" + Menu), ("/v", ""))).Menu!.Entries[1].Title);

    [Fact]
    public void A_damaged_file_is_passed_over_with_its_reason()
    {
        MemoryHost host = MemoryHost.With(("/boot/grub/menu.lst", Menu), ("/grub/menu.lst", Menu), ("/v", ""));
        ((MemoryVolume)host.Volumes[0]).Damaged.Add("/boot/grub/menu.lst");
        BootSearch search = BootFinder.Find(host);
        Assert.Equal("/grub/menu.lst", search.Menu!.Config.Path);
        Assert.Contains(search.Looked, at => at.Place == "(hd0,msdos1)/boot/grub/menu.lst" && at.Outcome.Contains("damaged for the test", StringComparison.Ordinal));
    }

    [Fact]
    public void Looking_everywhere_names_what_was_not_taken_too()
    {
        MemoryHost host = MemoryHost.With(("/boot/grub/menu.lst", Menu), ("/grub/menu.lst", Menu), ("/v", ""));
        BootSearch search = BootFinder.Find(host, new BootFinderOptions { LookEverywhere = true });
        Assert.Equal("/boot/grub/menu.lst", search.Menu!.Config.Path);
        Assert.Contains(new LookedAt("(hd0,msdos1)/grub/menu.lst", "passed over: one was taken before it"), search.Looked);
    }
}
