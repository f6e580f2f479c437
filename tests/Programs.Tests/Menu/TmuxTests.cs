using Xunit;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>The menu in a real terminal, its screens compared with ones that were looked at by hand.</summary>
public sealed class TmuxTests
{
    private const string Menu = """
         GRUB 2  (hd0)/boot/grub/grub.cfg

         +---------------------------------------------------------------------------+
         | * First one                                                               |
         |   Advanced options                                                      > |
         |   Broken                                                                  |
         +---------------------------------------------------------------------------+

         Up and Down (k and j) select, Enter boots. *: default. >: submenu.
         e: edit the entry before booting. a: edit the arguments. c: command line.
        """;

    [Fact]
    public void Screens_are_as_they_should_be_and_the_terminal_is_as_it_was()
    {
        using MenuDisk disk = new(MenuDisk.Two);
        using Tmux tmux = new(Line(disk));
        Assert.Equal(Menu + new string('\n', 14) + " The default boots in ", tmux.Screen("Any key stops that.").Split("60 s.")[0].Split("59 s.")[0].Split("58 s.")[0]);
        tmux.Type("j");
        tmux.Type("k");
        Assert.Equal(Menu, tmux.Screen("Broken").Split("\n\n\n")[0]);
        tmux.Type("Down", "Enter");
        Assert.StartsWith(
            """
             Advanced options

             +---------------------------------------------------------------------------+
             |   Second one                                                              |
             +---------------------------------------------------------------------------+

             Up and Down (k and j) select, Enter boots, Esc goes back. *: default. >: subme
             e: edit the entry before booting. a: edit the arguments. c: command line.
            """, tmux.Screen("Second one"), StringComparison.Ordinal);
        tmux.Type("e");
        Assert.StartsWith(
            """
             Second one

             +---------------------------------------------------------------------------+
             | setparams 'Second one'                                                    |
             |                                                                           |
             |         linux /boot/vmlinuz-2 root=/dev/xvda2 single                      |
             |         initrd /boot/initrd-2                                             |
            """, tmux.Screen("Ctrl-X"), StringComparison.Ordinal);
        tmux.Type("Down", "Down", "C-e", " typed=1", "C-x");
        Assert.StartsWith("Booting Second one\n", tmux.Screen("rc=0"), StringComparison.Ordinal);
        Assert.Equal("root=/dev/xvda2 single typed=1", disk.Answered!["args"]);
        Assert.Equal(File.ReadAllText(disk.Below("before")), File.ReadAllText(disk.Below("after")));
    }

    [Fact]
    public void A_terminal_for_UTF_8_shows_characters_and_another_one_their_bytes()
    {
        using MenuDisk disk = new("set timeout=60\nmenuentry 'caf\xc3\xa9 \xe6\xbc\xa2 \xe9' {\n linux /boot/vmlinuz-1\n}");
        using (Tmux tmux = new(Line(disk), "C.UTF-8"))
        {
            Assert.Contains(" | * café 漢 \\xe9  ", tmux.Screen("caf"), StringComparison.Ordinal);
        }

        using Tmux plain = new($"export LC_ALL=C; {Line(disk)}", "C.UTF-8");
        Assert.Contains(@" | * caf\xc3\xa9 \xe6\xbc\xa2 \xe9  ", plain.Screen("caf"), StringComparison.Ordinal);
    }

    private static string Line(MenuDisk disk) =>
        $"stty -g > {disk.Below("before")}; {PygrubRbd.Path} --output={disk.Answer} --output-format=simple0 --output-directory={disk.Output} {disk.Image}; "
        + $"rc=$?; stty -g > {disk.Below("after")}; echo rc=$rc";
}
