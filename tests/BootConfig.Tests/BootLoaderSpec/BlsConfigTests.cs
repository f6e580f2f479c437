using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.BootLoaderSpec;

/// <summary>A directory of entries without any grub.cfg.</summary>
public class BlsConfigTests
{
    private const string Entries = "/loader/entries";
    private const string Block = "# GRUB Environment Block\n";

    [Fact]
    public void The_newest_entry_is_the_default()
    {
        BootMenu menu = Load(MemoryHost.With(
            ($"{Entries}/m-5.9.conf", "title Old\nlinux /old\n"), ($"{Entries}/m-5.10.conf", "title New\nlinux /new\ninitrd /i\noptions a=b c\n"), ("/new", ""), ("/i", "")));
        Assert.Equal(["New", "Old"], menu.Entries.Select(entry => entry.Title));
        Assert.Equal(["m-5.10", "m-5.9"], menu.Entries.Select(entry => entry.Id));
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Default!.Plan());
        Assert.Equal(("(hd0,msdos1)/new", "a=b c"), (boot.Kernel.ToString(), boot.Arguments));
        Assert.Equal(["(hd0,msdos1)/i"], boot.Initrds.Select(file => file.ToString()));
        Assert.Equal(("Boot Loader Specification", "(hd0,msdos1)/loader/entries"), (menu.Format, menu.Config.ToString()));
        Assert.Empty(menu.Warnings);
    }

    [Theory]
    [InlineData("/boot/grub2/grubenv")]
    [InlineData("/grub2/grubenv")]
    [InlineData("/boot/grub/grubenv")]
    [InlineData("/grub/grubenv")]
    [InlineData("/EFI/fedora/grubenv")]
    public void Variables_and_the_default_come_from_grubenv(string grubEnv)
    {
        BootMenu menu = Load(MemoryHost.With(
            ($"{Entries}/m-2.conf", "title B\nlinux /b\noptions $kernelopts quiet\n"), ($"{Entries}/m-1.conf", "title A\nlinux /a\noptions $kernelopts\n"),
            (grubEnv, (Block + "saved_entry=m-1\nkernelopts=root=/dev/xvda1 ro\n").PadRight(1024, '#')), ("/a", "")));
        Assert.Equal("m-1", menu.Default!.Id);
        Assert.Equal("root=/dev/xvda1 ro", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Arguments.TrimEnd());
        Assert.Empty(menu.Warnings);
    }

    [Fact]
    public void Next_entry_goes_before_saved_entry() => Assert.Equal("m-1", Load(MemoryHost.With(
        ($"{Entries}/m-2.conf", "linux /b\n"), ($"{Entries}/m-1.conf", "linux /a\n"),
        ("/grub2/grubenv", (Block + "saved_entry=m-2\nnext_entry=m-1\n").PadRight(1024, '#')))).Default!.Id);

    [Fact]
    public void A_grubenv_on_another_volume_is_found()
    {
        MemoryHost host = MemoryHost.With(($"{Entries}/m-2.conf", "linux /b\n"), ($"{Entries}/m-1.conf", "linux /a\n"));
        host.Add("hd0,msdos2").File("/EFI/redhat/grubenv", (Block + "saved_entry=m-1\n").PadRight(1024, '#'));
        Assert.Equal("m-1", Load(host).Default!.Id);
    }

    [Fact]
    public void Kernelopts_that_nothing_defines_are_complained_about()
    {
        BootMenu menu = Load(MemoryHost.With(($"{Entries}/a.conf", "linux /a\noptions $kernelopts\n")));
        Assert.Contains("there is no grubenv", Assert.Single(menu.Warnings));
    }

    [Fact]
    public void Every_options_line_counts() => Assert.Equal(
        "a=b c=d", Assert.IsType<LinuxBoot>(Load(MemoryHost.With(($"{Entries}/a.conf", "linux /a\noptions a=b\noptions c=d\n"), ("/a", ""))).Default!.Plan()).Arguments);

    [Fact]
    public void Quotes_in_names_and_values_stay_where_they_are()
    {
        MemoryHost host = MemoryHost.With(("/it's/entries/a'b.conf", "title It's\nlinux /a\noptions \"x y\"\n"), ("/a", ""));
        BootMenu menu = BlsConfig.Load(host, host.Volumes[0], "/it's/entries");
        Assert.Equal(("It's", "a'b"), (menu.Default!.Title, menu.Default!.Id));
        Assert.Equal("\"x y\"", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Arguments);
    }

    [Fact]
    public void An_entry_that_is_no_script_harms_itself_alone()
    {
        BootMenu menu = Load(MemoryHost.With(($"{Entries}/m-2.conf", "linux /b\noptions } 'x\n"), ($"{Entries}/m-1.conf", "linux /a\n"), ("/a", "")));
        Assert.IsType<LinuxBoot>(menu.Entries[1].Plan());
        Assert.IsType<OtherBoot>(menu.Entries[0].Plan());
    }

    private static BootMenu Load(MemoryHost host) => BlsConfig.Load(host, host.Volumes[0], Entries);
}
