using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Menu;
using Xunit;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>The menu without a terminal: keys and seconds go in, screens and choices come out. What is expected is GRUB's behaviour, from grub-core/normal.</summary>
public sealed class MenuScreenTests
{
    private static readonly Key Enter = new(KeyKind.Enter);
    private static readonly Key Escape = new(KeyKind.Escape, '\x1b');
    private static readonly Key Down = new(KeyKind.Down);

    [Fact]
    public void Shows_titles_the_default_the_submenu_and_the_countdown() => Assert.Equal(
        """
         GRUB 2  (hd0)/boot/grub/grub.cfg

         +---------------------------------+
         |[* First                        ]|
         |   Submenu                     > |
         +---------------------------------+

         Up and Down (k and j) select, Enter
         e: edit the entry before booting. a:


         The default boots in 5 s. Any key st
        """, Shown(new MenuScreen(new FakeGuest("First", "Submenu"), utf8: false), 12, 38), ignoreLineEndingDifferences: true);

    [Fact]
    public void Seconds_run_out_and_the_default_boots()
    {
        MenuScreen screen = new(new FakeGuest("A", "B"), utf8: false);
        for (int i = 0; i < 4; i++)
        {
            screen.Tick();
        }

        Assert.Equal((1, false), (screen.SecondsLeft, screen.IsDone));
        screen.Tick();
        Assert.True(screen.IsDone);
        Assert.Null(screen.Chosen);
    }

    [Fact]
    public void Any_key_stops_the_countdown_and_does_what_it_does()
    {
        MenuScreen screen = new(new FakeGuest("A", "B"), utf8: false);
        Press(screen, new Key(KeyKind.Character, 'j'));
        Assert.Null(screen.SecondsLeft);
        screen.Tick();
        Press(screen, Enter);
        Assert.Equal("B", screen.Chosen?.Title);
    }

    [Theory]
    [InlineData(0, "menu", true)]
    [InlineData(null, "menu", false)]
    [InlineData(0, "hidden", true)]
    [InlineData(null, "hidden", false)]
    public void A_timeout_of_0_boots_at_once_and_none_waits(int? timeout, string style, bool done)
    {
        MenuScreen screen = new(new FakeGuest("A") { Facts = new FakeGuest().Facts with { TimeoutSeconds = timeout, Style = style } }, utf8: false);
        screen.BootWhenTimeIsUp();
        Assert.Equal(done, screen.IsDone);
    }

    [Theory]
    [InlineData("hidden", "")]
    [InlineData("countdown", " The default boots in 5 s. Esc shows the menu.")]
    public void A_hidden_menu_comes_up_with_Esc_alone(string style, string shown)
    {
        MenuScreen screen = new(new FakeGuest("A", "B") { Facts = new FakeGuest().Facts with { Style = style } }, utf8: false);
        Assert.Equal(shown, Shown(screen, 24, 80).TrimStart('\n'));
        Press(screen, new Key(KeyKind.Character, 'j'));
        Assert.True(screen.IsHidden);
        Assert.Equal(5, screen.SecondsLeft);
        Press(screen, Escape);
        Assert.False(screen.IsHidden);
        Assert.Null(screen.SecondsLeft);
        Assert.Contains("|[* A", Shown(screen, 24, 80), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("menu")]
    [InlineData("hidden")]
    public void A_hotkey_boots_its_entry_at_once(string style)
    {
        MenuScreen screen = new(new FakeGuest("A", "Hot") { Facts = new FakeGuest().Facts with { Style = style } }, utf8: false);
        Press(screen, new Key(KeyKind.Character, 'h'));
        Assert.Equal("Hot", screen.Chosen?.Title);
    }

    [Fact]
    public void Enter_opens_a_submenu_and_Esc_leaves_it()
    {
        MenuScreen screen = new(new FakeGuest("Submenu", "B"), utf8: false);
        Press(screen, Enter, Down);
        Assert.Contains("[  Inner two", Shown(screen, 24, 80), StringComparison.Ordinal);
        Press(screen, Escape, Escape);
        Assert.Contains("[* Submenu", Shown(screen, 24, 80), StringComparison.Ordinal);
        Press(screen, Enter, Down, Enter);
        Assert.Equal(101, screen.Chosen?.Entry);
    }

    [Fact]
    public void An_entry_that_can_not_boot_says_why_and_the_menu_goes_on()
    {
        MenuScreen screen = new(new FakeGuest("A", "B", "C"), utf8: false);
        Press(screen, Down, Down, Enter);
        Assert.StartsWith("\n file `/nothing' not found \\x1b[2J\n", Shown(screen, 24, 80), StringComparison.Ordinal);
        Press(screen, Enter, new Key(KeyKind.Up), Enter);
        Assert.Equal("B", screen.Chosen?.Title);
    }

    [Fact]
    public void The_editor_changes_lines_and_control_X_boots_them()
    {
        FakeGuest guest = new("A") { CommandsOfAll = "one\ntwo\nthree" };
        MenuScreen screen = new(guest, utf8: false);
        Press(screen, new Key(KeyKind.Character, 'e'), new Key(KeyKind.End));
        Type(screen, "X");
        Press(screen, Enter);
        Type(screen, "new");
        Press(screen, Down, new Key(KeyKind.Home), new Key(KeyKind.Backspace), Down, Control('A'), Control('K'), Control('X'));
        Assert.Equal(["0 with commands oneX\nnewtwo\n", "boot 200"], guest.Asked);
        Assert.True(screen.IsDone);
    }

    [Fact]
    public void The_arguments_are_edited_alone()
    {
        FakeGuest guest = new("A");
        MenuScreen screen = new(guest, utf8: false);
        Press(screen, new Key(KeyKind.Character, 'a'), Escape, new Key(KeyKind.Character, 'a'));
        Type(screen, " single");
        Press(screen, Enter);
        Assert.Equal(["0 with arguments ro quiet single", "boot 200"], guest.Asked);
    }

    [Fact]
    public void The_command_line_shows_what_comes_of_each_line_and_recalls_them()
    {
        FakeGuest guest = new("A");
        MenuScreen screen = new(guest, utf8: false);
        Press(screen, new Key(KeyKind.Character, 'c'));
        Type(screen, "ls");
        Press(screen, Enter, new Key(KeyKind.Up));
        Assert.EndsWith("grub> ls\nyou said ls\ngrub> ls", Shown(screen, 24, 80), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('e')]
    [InlineData('a')]
    [InlineData('c')]
    public void A_protected_menu_refuses_editing_until_the_password_is_given(char key)
    {
        FakeGuest guest = new("A", "B")
        {
            Facts = new FakeGuest().Facts with { Protection = new MenuProtection(["root"], [new("root", PasswordKind.Plain, "right"), new("eve", PasswordKind.Plain, "x")]) },
        };
        MenuScreen screen = new(guest, utf8: false);
        Press(screen, new Key(KeyKind.Character, key));
        Assert.EndsWith("\n This needs the password: p asks for it.", Shown(screen, 24, 80), StringComparison.Ordinal);
        Give(screen, "root", "wrong");
        Assert.EndsWith("\n Access denied.", Shown(screen, 24, 80), StringComparison.Ordinal);
        Assert.Equal(1, screen.TakeDelay());
        Give(screen, "eve", "x"); // known, but no superuser
        Assert.Equal(2, screen.TakeDelay());
        Press(screen, new Key(KeyKind.Character, key));
        Assert.EndsWith("\n This needs the password: p asks for it.", Shown(screen, 24, 80), StringComparison.Ordinal);
        Give(screen, "root", "right");
        Press(screen, new Key(KeyKind.Character, key));
        Assert.DoesNotContain("| B", Shown(screen, 24, 80), StringComparison.Ordinal);
        Assert.DoesNotContain(guest.Asked, asked => asked.StartsWith("boot", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_typed_as_a_password_is_not_shown()
    {
        MenuScreen screen = new(new FakeGuest("A") { Facts = new FakeGuest().Facts with { Protection = new MenuProtection([""], [new("", PasswordKind.Plain, "x")]) } }, utf8: false);
        Press(screen, new Key(KeyKind.Character, 'p'));
        Type(screen, "secret");
        Assert.Equal("\n\n Enter password:", Shown(screen, 24, 80));
    }

    [Theory]
    [InlineData("eve", "eve", "x", true)]    // --users names her
    [InlineData("eve", "root", "right", true)]
    [InlineData("", "eve", "x", false)]      // locked for all but the superusers
    [InlineData("adam", "eve", "x", false)]
    public void A_locked_entry_boots_for_whom_it_is_for(string users, string name, string password, bool boots)
    {
        FakeGuest guest = new("A", "B")
        {
            Users = users,
            Facts = new FakeGuest().Facts with { Protection = new MenuProtection(["root"], [new("root", PasswordKind.Plain, "right"), new("eve", PasswordKind.Plain, "x")]) },
        };
        MenuScreen screen = new(guest, utf8: false);
        Press(screen, Down, Enter);
        Assert.False(screen.IsDone);
        Type(screen, name);
        Press(screen, Enter);
        Type(screen, password);
        Press(screen, Enter);
        Assert.Equal(boots, screen.IsDone);
    }

    [Fact]
    public void A_loader_without_an_editor_lets_nobody_edit()
    {
        MenuScreen screen = new(new FakeGuest("A") { Facts = new FakeGuest().Facts with { AllowsEditing = false, HasPrompt = false } }, utf8: false);
        Press(screen, new Key(KeyKind.Character, 'e'));
        Assert.EndsWith("\n The guest's loader lets nobody edit entries.", Shown(screen, 24, 80), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_menu_moves_so_that_the_chosen_entry_is_seen()
    {
        MenuScreen screen = new(new FakeGuest([.. Enumerable.Range(0, 40).Select(number => $"Entry {number:00}")]), utf8: false);
        Press(screen, new Key(KeyKind.End));
        string shown = Shown(screen, 24, 80);
        Assert.Contains("[  Entry 39", shown, StringComparison.Ordinal);
        Assert.Contains("|   Entry 24", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Entry 23", shown, StringComparison.Ordinal);
        Press(screen, new Key(KeyKind.PageUp));
        Assert.Contains("[  Entry 23", Shown(screen, 24, 80), StringComparison.Ordinal);
    }

    private static void Give(MenuScreen screen, string name, string password)
    {
        Press(screen, new Key(KeyKind.Character, 'p'));
        Type(screen, name);
        Press(screen, Enter);
        Type(screen, password);
        Press(screen, Enter);
    }

    private static Key Control(char letter) => new(KeyKind.Character, (char)(letter - '@'));

    private static void Press(MenuScreen screen, params Key[] keys) => Array.ForEach(keys, screen.Press);

    private static void Type(MenuScreen screen, string text) => Press(screen, [.. text.Select(c => new Key(KeyKind.Character, c))]);

    /// <summary>The screen with what is reversed in brackets in place of the blanks around it; no blanks at ends, no empty lines behind the last.</summary>
    private static string Shown(MenuScreen screen, int rows, int columns) => string.Join('\n', screen.Draw(rows, columns).Lines.Select(line =>
        (line.Reversed.Length == 0 ? line.Before + line.After : $"{line.Before}[{line.Reversed[1..^1]}]{line.After}").TrimEnd(' '))).TrimEnd('\n');
}
