using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

/// <summary>Where Red Hat's GRUB differs from GNU's (rhboot/grub2 f435e2cae, 42643b7a7, blscfg.c), and when a guest has it.</summary>
public class RedHatGrubTests
{
    private const string Hex = "menuentry A { linux /v root=LABEL=CentOS\\x207 }\n";
    private const string Fedora = "ID=fedora\n";

    [Theory]
    [InlineData("/boot/grub2/grub.cfg", Fedora, true)]
    [InlineData("/boot/grub2/grub.cfg", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", true)]
    [InlineData("/boot/grub2/grub.cfg", "ID=opensuse-leap\nID_LIKE=\"suse opensuse\"\n", false)]
    [InlineData("/boot/grub2/grub.cfg", "", false)]
    [InlineData("/boot/grub/grub.cfg", "ID=debian\n", false)]
    [InlineData("/EFI/centos/grub.cfg", "", true)]
    [InlineData("/EFI/debian/grub.cfg", "", false)]
    public void Hexadecimal_escapes_stay_where_the_guest_is_red_hats(string path, string osRelease, bool isRedHats)
    {
        MemoryHost host = MemoryHost.With((path, Hex), ("/v", ""));
        host.Add("hd0,msdos2").File("/etc/os-release", osRelease); // the root volume, where /boot is another one
        LinuxBoot boot = Assert.IsType<LinuxBoot>(BootFinder.Find(host).Menu!.Default!.Plan());
        Assert.Equal(isRedHats ? "root=LABEL=CentOS\\x207" : "root=LABEL=CentOSx207", boot.Arguments);
    }

    [Fact]
    public void A_script_that_loads_blscfg_is_red_hats() => Assert.Equal(
        "root=LABEL=CentOS\\x207",
        Assert.IsType<LinuxBoot>(BootFinder.Find(MemoryHost.With(("/grub2/grub.cfg", "insmod blscfg\n" + Hex), ("/v", ""))).Menu!.Default!.Plan()).Arguments);

    [Theory]
    [InlineData(Fedora, "x A")]
    [InlineData("ID=opensuse\n", null)] // "missing mandatory option for `--users'", and no entry
    public void Users_may_be_empty_in_red_hats_alone(string osRelease, string? expected)
    {
        MemoryHost host = MemoryHost.With(("/boot/grub2/grub.cfg", "menuentry --users $none --id x A { linux /v }\n"), ("/v", ""), ("/etc/os-release", osRelease));
        Assert.Equal(expected, BootFinder.Find(host).Menu?.Entries is [var entry] ? $"{entry.Id} {entry.Title}" : null);
    }

    [Theory]
    [InlineData("/boot/loader/entries", "/boot/grub2/grub.cfg")] // /boot on the root volume
    [InlineData("/loader/entries", "/grub2/grub.cfg")] // /boot on its own
    public void Blscfg_finds_the_entries_of_a_boot_volume_of_its_own_or_not(string entries, string config)
    {
        MemoryHost host = new();
        host.Add("hd0,msdos1").File(config, "load_env\nset default=\"${saved_entry}\"\ninsmod blscfg\nblscfg\n")
            .File(config.Replace("grub.cfg", "grubenv", StringComparison.Ordinal), "# GRUB Environment Block\nsaved_entry=f-1\nkernelopts=root=/dev/mapper/r ro\n".PadRight(1024, '#'))
            .File($"{entries}/f-1.conf", "title One\nlinux /v\noptions $kernelopts one\n").File($"{entries}/f-2.conf", "title Two\nlinux /v\noptions $kernelopts\n").File("/v");
        host.Add("hd0,msdos2").File("/etc/os-release", Fedora);
        BootMenu menu = BootFinder.Find(host).Menu!;
        Assert.Equal(("GRUB 2", "One"), (menu.Format, menu.Default!.Title));
        Assert.Equal(["Two", "One"], menu.Entries.Select(entry => entry.Title));
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Default!.Plan());
        Assert.Equal(("(hd0,msdos1)/v", "root=/dev/mapper/r ro one"), (boot.Kernel.ToString(), boot.Arguments));
    }
}
