using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Finder;

/// <summary>Guests with several configurations, and one that somebody names.</summary>
public class ChoiceTests
{
    private const string Label = "label a\nlinux /v\n";
    private const string ImagePlace = "/EFI/Linux";

    /// <summary>Every format, in the order in which they win.</summary>
    private static readonly (string Path, string Text, string Format)[] Ranks =
    [
        ("/boot/grub/grub.cfg", "menuentry A { linux /v }\n", "GRUB 2"),
        ("/EFI/debian/grub.cfg", "menuentry A { linux /v }\n", "GRUB 2"),
        ("/boot/extlinux/extlinux.conf", Label, "EXTLINUX"),
        ("/isolinux/isolinux.cfg", Label, "ISOLINUX"),
        ("/boot/grub/menu.lst", "title A\nkernel /v\n", "GRUB legacy"),
        ("/loader/loader.conf", "timeout 3\n", "systemd-boot"),
        ("/loader/entries/a.conf", "linux /v\n", "Boot Loader Specification"),
        ("/etc/lilo.conf", "image=/v\n", "LILO"),
    ];

    [Fact]
    public void The_order_of_formats_is_the_documented_one()
    {
        for (int i = 0; i < Ranks.Length; i++)
        {
            // loader.conf has its entries beside it, which are a configuration of their own as well.
            (string, string)[] files = [.. Ranks[i..].Select(rank => (rank.Path, rank.Text)), ("/v", "")];
            Assert.Equal(Ranks[i].Format, BootFinder.Find(MemoryHost.With(files)).Menu!.Format);
        }
    }

    [Theory]
    [InlineData("/boot/isolinux/isolinux.cfg")] // pygrub's
    [InlineData("/boot/extlinux/extlinux.conf")]
    [InlineData("/boot/extlinux.conf")]
    [InlineData("/extlinux/extlinux.conf")]
    [InlineData("/extlinux.conf")]
    [InlineData("/boot/syslinux/syslinux.cfg")] // the loaders'
    [InlineData("/syslinux/syslinux.cfg")]
    [InlineData("/syslinux.cfg")]
    [InlineData("/isolinux/isolinux.cfg")]
    [InlineData("/isolinux.cfg")]
    public void Every_place_of_syslinux_is_looked_at(string path) =>
        Assert.Equal(path, BootFinder.Find(MemoryHost.With((path, Label), ("/v", ""))).Menu!.Config.Path);

    [Theory]
    [InlineData("/boot/grub/menu.lst", "GRUB legacy")]
    [InlineData("/boot/extlinux/extlinux.conf", "EXTLINUX")]
    [InlineData("/loader/loader.conf", "systemd-boot")]
    [InlineData("/loader/entries", "Boot Loader Specification")]
    [InlineData("/etc/lilo.conf", "LILO")]
    [InlineData("/odd/menu", "SYSLINUX")]
    public void A_named_configuration_is_taken_whatever_else_is_there(string path, string format)
    {
        MemoryHost host = MemoryHost.With([.. Ranks.Select(rank => (rank.Path, rank.Text)), ("/v", ""), ("/odd/menu", Label)]);
        BootSearch search = BootFinder.Take(host, new BootFile(host.Volumes[0], path));
        Assert.Equal(format, search.Menu!.Format);
        Assert.Equal([new LookedAt($"(hd0,msdos1){path}", $"taken, because it was named: {format}, 1 entry")], search.Looked);
    }

    [Fact]
    public void A_single_entry_file_is_refused_with_what_to_do()
    {
        MemoryHost host = MemoryHost.With(("/loader/entries/a.conf", "title A\nlinux /v\n"));
        Assert.Contains("--entry", Assert.Throws<BootConfigException>(() => BootFinder.Take(host, new BootFile(host.Volumes[0], "/loader/entries/a.conf"))).Message);
    }

    [Theory]
    [InlineData("x", "menuentry a { linux /k }\n", "/boot/grub/grub.cfg")]
    [InlineData("x", "default 0\ntitle a\nkernel /k\n", "/boot/grub/menu.lst")]
    [InlineData("x", "title a\nlinux /k\n", "/loader/entries/entry.conf")]
    [InlineData("x", "DEFAULT a\nLabel a\n  Kernel /k\n", "/boot/extlinux/extlinux.conf")]
    [InlineData("x", "boot=/dev/sda\nimage=/k\n  label=a\n", "/etc/lilo.conf")]
    [InlineData("isolinux.cfg", "", "/isolinux/isolinux.cfg")]
    [InlineData("/a/syslinux.cfg", "", "/syslinux/syslinux.cfg")]
    [InlineData("linux.efi", "", "/EFI/Linux/image.efi")]
    [InlineData("x", "MZ\u0090", "/EFI/Linux/image.efi")]
    [InlineData("loader.conf", "", "/loader/loader.conf")]
    public void Kinds_are_known_by_name_or_words(string name, string text, string place) => Assert.Equal(place, ConfigKind.PlaceOf(name, text));

    [Fact]
    public void An_image_directory_is_a_place()
    {
        BootSearch search = BootFinder.Find(MemoryHost.With(($"{ImagePlace}/a.efi", "MZ, but no image"), ("/v", "")));
        Assert.Null(search.Menu);
        Assert.Contains(search.Looked, at => at.Place == $"(hd0,msdos1){ImagePlace}" && at.Outcome.Contains("a.efi is no PE file", StringComparison.Ordinal));
    }

    [Fact]
    public void Entries_that_only_grub_can_fill_in_are_grubs()
    {
        MemoryHost host = MemoryHost.With(
            ("/loader/entries/a-1.conf", "title A\nlinux /v\noptions $kernelopts\n"), ("/grub2/grubenv", "# GRUB Environment Block\nkernelopts=x\n".PadRight(1024, '#')), ("/v", ""));
        Assert.Equal("x", Assert.IsType<LinuxBoot>(BootFinder.Find(host).Menu!.Default!.Plan()).Arguments.TrimEnd());
    }
}
