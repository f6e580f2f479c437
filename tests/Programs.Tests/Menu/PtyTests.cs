using Xunit;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>The menu as libxl runs it: a pty of 0 rows and 0 columns, TERM=vt100, a session of its own. In one process, and in two.</summary>
public sealed class PtyTests
{
    private const string Waits = "wait Any key stops that.";

    public static TheoryData<string> Processes => ["", "--runas=65534"];

    [Theory]
    [MemberData(nameof(Processes))]
    public void Another_entry_is_chosen_by_keys_and_its_arguments_edited(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two);
        string shown = disk.OnPty([Waits, "type j\\r", "wait Second one", "type a", "wait single", "type  x=1\\r"], option);
        Assert.EndsWith("\nexit 0, terminal same\n", shown, StringComparison.Ordinal);
        Assert.Equal("root=/dev/xvda2 single x=1", disk.Answered!["args"]);
        Assert.Equal("content of vmlinuz-2\n", File.ReadAllText(disk.Answered["kernel"]));
        Assert.Equal("content of initrd-2\n", File.ReadAllText(disk.Answered["ramdisk"]));
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void An_edited_entry_boots_what_it_says_now(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two);
        string shown = disk.OnPty([Waits, "type e", "wait Ctrl-X", "type \\x1b[B\\x1b[B\\x05 added\\r initrd /boot/initrd-2\\x0b\\x1b[B\\x01\\x0b\\x18"], option);
        Assert.EndsWith("\nexit 0, terminal same\n", shown, StringComparison.Ordinal);
        Assert.Equal("root=/dev/xvda1 ro quiet added", disk.Answered!["args"]);
        Assert.Equal("content of initrd-2\n", File.ReadAllText(disk.Answered["ramdisk"]));
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_command_line_boots_what_was_loaded_there(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two);
        string shown = disk.OnPty(
            [Waits, "type c", "wait grub> ", "type set x=7\\recho a${x}b\\r", "wait a7b",
                "type nosuch\\r", "wait can't find command", "type linux /boot/vmlinuz-2 typed\\rboot\\r"],
            option);
        Assert.EndsWith("\nexit 0, terminal same\n", shown, StringComparison.Ordinal);
        Assert.Equal("typed", disk.Answered!["args"]);
        Assert.DoesNotContain("ramdisk", disk.Answered.Keys);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void An_entry_that_can_not_boot_says_so_and_another_one_does(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two);
        string shown = disk.OnPty([Waits, "type jj\\r", "wait Press any key", "type x", "wait submenu", "type kk\\r"], option);
        Assert.EndsWith("\nexit 0, terminal same\n", shown, StringComparison.Ordinal);
        Assert.Equal("root=/dev/xvda1 ro quiet", disk.Answered!["args"]);
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void With_nobody_there_the_countdown_runs_and_the_default_boots(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two.Replace("timeout=60", "timeout=2", StringComparison.Ordinal));
        string shown = disk.OnPty(["wait boots in 2 s", "wait boots in 1 s"], option);
        Assert.EndsWith("\nexit 0, terminal same\n", shown, StringComparison.Ordinal);
        Assert.Equal("root=/dev/xvda1 ro quiet", disk.Answered!["args"]);
    }

    [Theory]
    [InlineData("set timeout=0")]
    [InlineData("set timeout=1\nset timeout_style=hidden")]
    public void A_menu_that_the_loader_would_not_draw_is_not_drawn(string config)
    {
        using MenuDisk disk = new(MenuDisk.Two.Replace("set timeout=60", config, StringComparison.Ordinal));
        string shown = disk.OnPty([]);
        Assert.Equal("\nexit 0, terminal same\n", shown);
        Assert.Equal("root=/dev/xvda1 ro quiet", disk.Answered!["args"]);
    }

    [Theory]
    [InlineData("signal 15", "exit 143, terminal same")]
    [InlineData("signal 1", "exit 129, terminal same")]
    [InlineData("type \\x03", "exit 130, terminal same")]
    public void A_signal_leaves_the_terminal_as_it_was_and_nothing_behind(string step, string end)
    {
        foreach (string option in (string[])["", "--runas=65534"])
        {
            using MenuDisk disk = new(MenuDisk.Two);
            Assert.EndsWith($"\n{end}\n", disk.OnPty([Waits, step], option), StringComparison.Ordinal);
            Assert.Null(disk.Answered);
            Assert.False(Directory.Exists(disk.Output));
        }
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_terminal_that_is_gone_ends_it_and_nothing_is_left_behind(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two);
        Assert.DoesNotContain("exit 0", disk.OnPty([Waits, "type j", "hangup"], option), StringComparison.Ordinal);
        Assert.Null(disk.Answered);
        Assert.False(Directory.Exists(disk.Output));
    }

    [Theory]
    [InlineData("-q")]
    [InlineData("--entry=Second one")]
    [InlineData("--kernel=/boot/vmlinuz-1")]
    public void Who_has_said_what_boots_is_not_asked(string option)
    {
        using MenuDisk disk = new(MenuDisk.Two);
        Assert.Equal("\nexit 0, terminal same\n", disk.OnPty([], option));
    }

    [Theory]
    [MemberData(nameof(Processes))]
    public void A_protected_guest_boots_its_locked_entry_for_a_superuser_alone(string option)
    {
        using MenuDisk disk = new("""
            set timeout=60
            set superusers="root"
            export superusers
            password root right
            menuentry 'Open' --unrestricted {
                linux /boot/vmlinuz-1 open
            }
            menuentry 'Locked' --users "" {
                linux /boot/vmlinuz-2 locked
            }
            """);
        string shown = disk.OnPty(
            [Waits, "type e", "wait needs the password", "type j\\r", "wait Enter username:", "type root\\r", "wait Enter password:", "type right\\r"], option);
        Assert.EndsWith("\nexit 0, terminal same\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("right", shown, StringComparison.Ordinal);
        Assert.Equal("locked", disk.Answered!["args"]);
    }

    [Fact]
    public void A_guests_text_can_not_reach_the_terminal()
    {
        using MenuDisk disk = new("set timeout=60\nmenuentry 'a\x1b]0;owned\a\u009b2Jb' {\n linux /boot/vmlinuz-1 \x1b[31m\n}");
        string shown = disk.OnPty([Waits, "type a", "wait Enter boots", "type \\x1b", "wait a: edit", "type e", "wait Ctrl-X", "type \\x18"]);
        Assert.Contains("a\\x1b]0;owned\\x07\\x9b2Jb", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b]", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b[31m", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\x9b', shown);
        Assert.Equal("\x1b[31m", disk.Answered!["args"]);
    }

    [Fact]
    public void A_menu_lst_has_its_menu_and_its_editor()
    {
        using MenuDisk disk = new("default 1\ntimeout 60\ntitle One\nkernel /boot/vmlinuz-1 one\ntitle Two\nkernel /boot/vmlinuz-2 two\n", "/boot/grub/menu.lst");
        Assert.EndsWith("terminal same\n", disk.OnPty([Waits, "type e", "wait kernel /boot/vmlinuz-2 two", "type \\x05 more\\x18"]), StringComparison.Ordinal);
        Assert.Equal("two more", disk.Answered!["args"]);
    }

    [Fact]
    public void An_extlinux_guest_has_its_menu_and_lines_to_edit()
    {
        using MenuDisk disk = new(
            "DEFAULT menu.c32\nTIMEOUT 600\nLABEL one\n  MENU LABEL ^One\n  LINUX /boot/vmlinuz-1\n  INITRD /boot/initrd-1\n  APPEND first\n"
            + "LABEL two\n  LINUX /boot/vmlinuz-2\n  APPEND second\n",
            "/boot/extlinux.conf");
        Assert.EndsWith("terminal same\n", disk.OnPty(["wait stops that", "type e", "wait args first", "type \\x1b[B\\x1b[B\\x05 more\\x18"]), StringComparison.Ordinal);
        Assert.Equal("first more", disk.Answered!["args"]);
        Assert.Equal("content of initrd-1\n", File.ReadAllText(disk.Answered["ramdisk"]));
    }
}
