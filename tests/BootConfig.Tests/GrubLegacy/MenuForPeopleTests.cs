using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.BootConfig.Lilo;
using BlockRbd.BootConfig.SystemdBoot;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.GrubLegacy;

/// <summary>What menus of loaders other than GRUB 2 say of themselves to people.</summary>
public class MenuForPeopleTests
{
    [Theory]
    [InlineData("password --md5 $1$abc$def /boot/x.lst", PasswordKind.Md5Crypt, "$1$abc$def")]
    [InlineData("password secret", PasswordKind.Plain, "secret")]
    public void The_password_is_one_without_a_name_and_lock_is_for_it(string line, PasswordKind kind, string secret)
    {
        BootMenu menu = Legacy($"{line}\ntitle A\nlock\nkernel /v\ntitle B\nkernel /v\n");
        Assert.Equal([new MenuUser("", kind, secret)], menu.Protection!.Users);
        Assert.Equal(["", null], menu.Entries.Select(entry => entry.Users));
    }

    [Fact]
    public void Commands_run_as_they_are_edited()
    {
        BootEntry entry = Legacy("title A\nroot (hd0,0)\nkernel /v one=1 two\ninitrd /i\n").Entries[0];
        Assert.Equal("root (hd0,0)\nkernel /v one=1 two\ninitrd /i", entry.Commands);
        LinuxBoot plan = Assert.IsType<LinuxBoot>(entry.WithCommands("kernel /v three").Plan());
        Assert.Equal(("three", 0), (plan.Arguments, plan.Initrds.Count));
    }

    [Fact]
    public void Lines_at_the_prompt_add_up_and_one_that_fails_does_not_count()
    {
        ILoaderPrompt prompt = Legacy("title A\nkernel /v\n").OpenPrompt!();
        Assert.Equal("", prompt.Run("root (hd0,0)").Text);
        Assert.StartsWith("Error: ", prompt.Run("kernel no-slash").Text, StringComparison.Ordinal);
        Assert.Equal("", prompt.Run("kernel /v typed").Text);
        Assert.Equal("typed", Assert.IsType<LinuxBoot>(prompt.Run("boot").Boots!.Plan()).Arguments);
    }

    [Theory]
    [InlineData("editor no\n", false)]
    [InlineData("editor yes\n", true)]
    [InlineData("", true)]
    public void Loader_conf_says_whether_anybody_may_edit(string line, bool allows)
    {
        MemoryHost host = MemoryHost.With(("/loader/loader.conf", line), ("/loader/entries/a.conf", "linux /v\n"), ("/v", "x"));
        Assert.Equal(allows, SystemdBootConfig.Load(host, host.Volumes[0], "/loader/loader.conf").AllowsEditing);
    }

    [Fact]
    public void Where_there_are_no_commands_lines_are_edited()
    {
        MemoryHost host = MemoryHost.With(("/etc/lilo.conf", "image=/v\nlabel=A\ninitrd=/i\nappend=\"x y\"\n"), ("/v", "x"), ("/i", "x"));
        BootEntry entry = LiloConfig.Load(host, host.Volumes[0], "/etc/lilo.conf").Entries[0];
        Assert.Null(entry.Commands);
        Assert.Equal("kernel (hd0,msdos1)/v\ninitrd (hd0,msdos1)/i\nargs x y", EditedPlan.Text(entry));
        LinuxBoot plan = Assert.IsType<LinuxBoot>(EditedPlan.WithText(entry, "kernel /w\nargs z", host.Volumes).Plan());
        Assert.Equal(("(hd0,msdos1)/w", 0, "z"), (plan.Kernel.ToString(), plan.Initrds.Count, plan.Arguments));
        Assert.Equal("new", Assert.IsType<LinuxBoot>(EditedPlan.WithArguments(entry, "new").Plan()).Arguments);
    }

    [Theory]
    [InlineData("", "there is no line \"kernel FILE\"")]
    [InlineData("kernel v", "\"v\": a file is (hd0,gpt2)/path or /path")]
    [InlineData("kernel (hd9)/v", "\"(hd9)/v\": there is no such device")]
    [InlineData("kernel (hd0/v", "\"(hd0/v\": a file is (hd0,gpt2)/path or /path")]
    [InlineData("boot", "\"boot\": a line is kernel FILE, initrd FILE or args TEXT")]
    public void Lines_that_can_not_be_read_say_why(string text, string message)
    {
        MemoryHost host = MemoryHost.With(("/etc/lilo.conf", "image=/v\nlabel=A\n"), ("/v", "x"));
        BootEntry entry = LiloConfig.Load(host, host.Volumes[0], "/etc/lilo.conf").Entries[0];
        Assert.Equal(message, Assert.Throws<BootConfigException>(() => EditedPlan.WithText(entry, text, host.Volumes)).Message);
    }

    private static BootMenu Legacy(string text)
    {
        MemoryHost host = MemoryHost.With(("/boot/grub/menu.lst", text), ("/v", "x"), ("/i", "x"));
        return GrubLegacyConfig.Load(host, host.Volumes[0], "/boot/grub/menu.lst");
    }
}
