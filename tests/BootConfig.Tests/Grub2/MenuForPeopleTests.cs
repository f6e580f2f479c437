using BlockRbd.BootConfig.Grub2;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>What a menu says of itself to people: who may do what, hotkeys, commands to edit, a prompt.</summary>
public class MenuForPeopleTests
{
    private const string Config = """
        set superusers="root, admin"
        password root secret
        password_pbkdf2 eve grub.pbkdf2.sha512.10000.AB.CD
        menuentry 'Open' --unrestricted --hotkey=o {
            linux /vmlinuz one
        }
        menuentry 'Locked' {
            linux /vmlinuz two
        }
        menuentry 'Hers' --users eve --unrestricted {
            linux /vmlinuz three
        }
        submenu 'More' { menuentry 'Inner' { linux /vmlinuz $1; } }
        """;

    [Fact]
    public void Superusers_users_and_hotkeys_are_told()
    {
        BootMenu menu = Load(Config);
        Assert.Equal(["root", "admin"], menu.Protection!.Superusers);
        Assert.Equal(
            [new MenuUser("root", PasswordKind.Plain, "secret"), new MenuUser("eve", PasswordKind.Pbkdf2, "grub.pbkdf2.sha512.10000.AB.CD")], menu.Protection.Users);
        Assert.Equal([null, "", "eve", ""], menu.Entries.Select(entry => entry.Users)); // menuentry.c: --users wins over --unrestricted
        Assert.Equal('o', menu.Entries[0].Hotkey);
        Assert.Null(Load("menuentry A { linux /vmlinuz; }").Protection);
    }

    [Fact]
    public void The_last_password_of_a_user_counts() =>
        Assert.Equal("b", Assert.Single(Load("set superusers=x\npassword x a\npassword x b\nmenuentry A { true; }").Protection!.Users).Secret);

    [Fact]
    public void More_passwords_than_anybody_has_are_refused() => Assert.Contains(
        "more than 256 passwords",
        Assert.Throws<BootConfigException>(() => Load(string.Concat(Enumerable.Range(0, 300).Select(number => $"password u{number} x\n")))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_entrys_commands_begin_with_its_parameters_and_run_as_they_are_edited()
    {
        BootEntry entry = Load("menuentry 'A b' c {\n linux /vmlinuz \"$1\" $2 [$chosen]\n}").Entries[0];
        Assert.Equal("setparams 'A b' 'c'\n\n linux /vmlinuz \"$1\" $2 [$chosen]\n", entry.Commands);
        Assert.Equal("\"A b\" c [A b]", Arguments(entry));

        // menu_entry.c: an edited entry is no chosen one.
        Assert.Equal("\"A b\" c []", Arguments(entry.WithCommands(entry.Commands!)));
        Assert.Equal("new", Arguments(entry.WithCommands("linux /vmlinuz new")));
        Assert.Equal("\"A b\" c [A b]", Arguments(entry));
        Assert.Throws<BootConfigException>(() => entry.WithCommands("linux /nothing").Plan());
    }

    [Fact]
    public void An_edited_submenu_opens_with_what_it_says_now() => Assert.Equal(
        ["x", "y"], Load(Config).Entries[3].WithCommands("menuentry x { true; }\nmenuentry y { true; }").Children.Select(entry => entry.Title));

    /// <summary>Each line is given to the real GRUB too.</summary>
    [Theory]
    [InlineData("set a=1", "echo x${a}y")]
    [InlineData("nosuchcommand", "echo next")]
    [InlineData("if true; then echo yes; fi", "for i in 1 2; do echo $i; done")]
    [InlineData("function f { echo f$1; }", "f 2")]
    [InlineData("linux2 (hd0)/x", "echo $?")]
    public void Lines_at_the_prompt_print_what_GRUB_prints(string first, string second)
    {
        ILoaderPrompt prompt = Load("menuentry A { true; }").OpenPrompt!();
        string ours = prompt.Run(first).Text + prompt.Run(second).Text;
        using RealGrub grub = new();
        Assert.Equal(Transcript.Normalize(grub.Run($"{first}\n{second}", new Dictionary<string, string>())), Transcript.Normalize(ours));
    }

    [Fact]
    public void Boot_at_the_prompt_boots_what_was_loaded_there()
    {
        ILoaderPrompt prompt = Load("menuentry A { true; }").OpenPrompt!();
        Assert.Null(prompt.Run("linux /vmlinuz typed").Boots);
        Assert.Equal("typed", Arguments(prompt.Run("boot").Boots!));
        Assert.Equal("7\n", prompt.Run("echo 7").Text);
    }

    private static string Arguments(BootEntry entry) => Assert.IsType<LinuxBoot>(entry.Plan()).Arguments;

    private static BootMenu Load(string config)
    {
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0");
        volume.File("/vmlinuz", "x").File("/boot/grub/grub.cfg", config + "\n");
        return Grub2Config.Load(host, volume, "/boot/grub/grub.cfg");
    }
}
