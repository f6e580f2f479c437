using BlockRbd.BootConfig.BootLoaderSpec;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.BootLoaderSpec;

public class BlsMenuEntryTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["kernelopts"] = "root=/dev/sda1 ro ", ["empty"] = "", ["default_kernelopts"] = "root=fallback $empty", ["x"] = "X",
    };

    /// <summary>What blsuki_expand_val of GRUB 2.14 gives: the program's own words for each, seen through grub-emu.</summary>
    [Theory]
    [InlineData("root=/dev/sda1 ro", "root=/dev/sda1 ro")]
    [InlineData("$kernelopts quiet", "root=/dev/sda1 ro  quiet")]
    [InlineData("quiet $kernelopts", "quiet root=/dev/sda1 ro  ")]
    [InlineData("ro $missing quiet", "ro quiet")]
    [InlineData("a=$empty/b", "a= /b")]
    [InlineData("${kernelopts} quiet", "{kernelopts} quiet")]
    [InlineData("$missing", null)]
    [InlineData("$missing quiet", "quiet")]
    [InlineData("$missing$x quiet", null)] // nothing before the second variable: all is lost
    [InlineData("q", null)] // one character alone is lost
    public void Variables_in_options_are_expanded_the_way_blscfg_does(string value, string? expected) =>
        Assert.Equal(expected, BlsValue.Expand(value, name => Variables.GetValueOrDefault(name)));

    [Fact]
    public void Grubs_own_takes_the_first_options_line_and_every_initrd_line() => Assert.Equal(
        "linux /v a=b\ninitrd /m $early /i\n",
        From("linux /v\ninitrd /m $early\ninitrd /i\noptions a=b\noptions c=d\n", BlsDialect.Upstream).Source);

    [Fact]
    public void Red_hats_puts_the_entrys_device_before_paths() => Assert.Equal(
        "linux (hd0,msdos1)/v a=b\ninitrd (hd0,msdos1)/i\ndevicetree (hd0,msdos1)/d\n",
        From("linux /v\ninitrd /i\noptions a=b\ndevicetree /d\n", BlsDialect.RedHat).Source);

    [Fact]
    public void Red_hats_uses_default_kernelopts_where_there_are_no_options()
    {
        Assert.Equal("linux (hd0,msdos1)/v root=fallback  \n", From("linux /v\n", BlsDialect.RedHat).Source);
        Assert.Equal("linux /v\n", From("linux /v\n", BlsDialect.Upstream).Source);
    }

    [Fact]
    public void Red_hats_early_initrds_come_first_from_the_first_initrds_directory()
    {
        Variables["early_initrd"] = "m.img n.img";
        try
        {
            Assert.Equal(
                "linux (hd0,msdos1)/b/v a=b\ninitrd (hd0,msdos1)/b/m.img (hd0,msdos1)/b/n.img (hd0,msdos1)/b/i\n",
                From("linux /b/v\ninitrd /b/i\noptions a=b\n", BlsDialect.RedHat).Source);
        }
        finally
        {
            Variables.Remove("early_initrd");
        }
    }

    [Fact]
    public void The_title_falls_back_to_the_kernels_path() => Assert.Equal(["/v", "--unrestricted"], From("linux /v\ngrub_arg --unrestricted\n", BlsDialect.Upstream).Arguments);

    [Fact]
    public void An_entry_without_linux_is_not_in_the_menu()
    {
        IBootVolume volume = MemoryHost.With(("/e.conf", "title UKI\nefi /x.efi\n")).Volumes[0];
        Assert.Null(BlsMenuEntry.From(BlsDirectory.ReadFile(new BootFile(volume, "/e.conf"))!, BlsDialect.RedHat, _ => null));
    }

    private static BlsMenuEntry From(string text, BlsDialect dialect)
    {
        IBootVolume volume = MemoryHost.With(("/e.conf", text)).Volumes[0];
        BlsEntry entry = BlsDirectory.ReadFile(new BootFile(volume, "/e.conf"))!;
        return BlsMenuEntry.From(entry, dialect, name => Variables.GetValueOrDefault(name))!;
    }
}
