using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

/// <summary>Which of several configurations is the guest's.</summary>
public class BootFinderFormatTests
{
    private const string Cfg = "menuentry A { linux /v }\n";
    private const string Lst = "title L\nkernel /v\n";

    [Theory]
    [InlineData("/boot/grub/grub.cfg")]
    [InlineData("/grub/grub.cfg")]
    [InlineData("/boot/grub2/grub.cfg")]
    [InlineData("/grub2/grub.cfg")]
    [InlineData("/EFI/fedora/grub.cfg")]
    [InlineData("/EFI/BOOT/grub.cfg")]
    [InlineData("/efi/boot/grub.cfg")]
    [InlineData("/boot/efi/EFI/debian/grub.cfg")]
    [InlineData("/grub.cfg")]
    public void Every_place_of_a_grub_cfg_is_looked_at(string path)
    {
        BootSearch search = BootFinder.Find(MemoryHost.With((path, Cfg), ("/v", "")));
        Assert.Equal(path, search.Menu!.Config.Path);
        Assert.Equal(new LookedAt($"(hd0,msdos1){path}", "taken: GRUB 2, 1 entry"), search.Looked[^1]);
    }

    [Theory]
    [InlineData("/boot/loader/entries")]
    [InlineData("/loader/entries")]
    public void Entries_without_a_grub_cfg_are_found(string directory)
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(($"{directory}/a.conf", "linux /v\n"), ("/v", "")));
        Assert.Equal(new LookedAt($"(hd0,msdos1){directory}", "taken: Boot Loader Specification, 1 entry"), search.Looked[^1]);
    }

    [Fact]
    public void A_grub_cfg_goes_before_a_menu_lst_on_the_same_disk_only()
    {
        MemoryHost host = new();
        host.Add("hd0,msdos1").File("/boot/grub/menu.lst", Lst).File("/v");
        host.Add("hd0,msdos2").File("/boot/grub/grub.cfg", Cfg).File("/v");
        Assert.Equal("GRUB 2", BootFinder.Find(host).Menu!.Format);
        MemoryHost disks = new();
        disks.Add("hd0,msdos1").File("/boot/grub/menu.lst", Lst).File("/v");
        disks.Add("hd1,msdos1").File("/boot/grub/grub.cfg", Cfg).File("/v");
        Assert.Equal("GRUB legacy", BootFinder.Find(disks).Menu!.Format);
    }

    [Fact]
    public void A_stub_leads_to_the_configuration_it_names()
    {
        MemoryHost host = new();
        host.Add("hd0,gpt1").File("/EFI/debian/grub.cfg", "search.fs_uuid 1234 root\nset prefix=($root)'/odd/place'\nconfigfile $prefix/grub.cfg\n");
        host.Add("hd0,gpt2", uuid: "1234").File("/odd/place/grub.cfg", Cfg).File("/v");
        BootMenu menu = BootFinder.Find(host).Menu!;
        Assert.Equal("(hd0,gpt2)/v", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.ToString());
    }

    [Fact]
    public void A_real_configuration_goes_before_a_stub()
    {
        MemoryHost host = new();
        host.Add("hd0,gpt1").File("/EFI/debian/grub.cfg", "search.fs_uuid gone root\nconfigfile ($root)/grub/grub.cfg\n");
        host.Add("hd0,gpt2").File("/grub/grub.cfg", Cfg).File("/v");
        BootSearch search = BootFinder.Find(host);
        Assert.Equal("(hd0,gpt2)/grub/grub.cfg", search.Menu!.Config.ToString());
        Assert.DoesNotContain(search.Looked, at => at.Place.Contains("EFI", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stub_that_leads_nowhere_is_passed_over()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(("/EFI/debian/grub.cfg", "configfile /nothing\n"), ("/boot/grub/menu.lst", Lst), ("/v", "")));
        Assert.Equal("GRUB legacy", search.Menu!.Format);
        Assert.Contains(search.Looked, at => at.Place == "(hd0,msdos1)/EFI/debian/grub.cfg" && at.Outcome.StartsWith("passed over: GRUB 2 without an entry", StringComparison.Ordinal));
    }

    [Fact]
    public void The_removable_mediums_stub_comes_after_a_distributions_own()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(("/EFI/BOOT/grub.cfg", Cfg), ("/EFI/fedora/grub.cfg", Cfg), ("/v", "")));
        Assert.Equal("/EFI/fedora/grub.cfg", search.Menu!.Config.Path);
    }

    [Fact]
    public void A_grub_cfg_that_is_no_script_is_passed_over_with_its_place()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(("/boot/grub/grub.cfg", "menuentry 'A {\n"), ("/boot/grub/menu.lst", Lst), ("/v", "")));
        Assert.Equal("GRUB legacy", search.Menu!.Format);
        Assert.Contains(search.Looked, at => at.Place == "(hd0,msdos1)/boot/grub/grub.cfg" && at.Outcome.Contains("grub.cfg:1:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_grub_cfg_that_asks_for_entries_that_are_elsewhere_does_not_hide_them()
    {
        MemoryHost host = new();
        host.Add("hd0,gpt1").File("/boot/grub2/grub.cfg", "insmod blscfg\nblscfg\n");
        host.Add("hd0,gpt2").File("/loader/entries/a.conf", "linux /v\n").File("/v");
        Assert.Equal("(hd0,gpt2)/loader/entries", BootFinder.Find(host).Menu!.Config.ToString());
    }

    [Fact]
    public void Configurations_that_load_each_other_end()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(("/boot/grub/grub.cfg", "configfile /grub/grub.cfg\n"), ("/grub/grub.cfg", "configfile /boot/grub/grub.cfg\n")));
        Assert.Null(search.Menu);
    }
}
