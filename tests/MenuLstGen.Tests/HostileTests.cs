using BlockRbd.BootConfig;
using BlockRbd.BootConfig.Grub2;
using BlockRbd.BootConfig.GrubLegacy;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.MenuLstGen.Menu;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>A guest's texts can't add lines to a menu.lst, and what can't be said in one is told.</summary>
public sealed class HostileTests
{
    private static (string Text, string[] Findings) Make(string config, PvGrub loader = PvGrub.Any, GenRequest? request = null)
    {
        MemoryHost host = MemoryHost.With(("/boot/grub/grub.cfg", config), ("/vmlinuz", "k"), ("/vm linuz", "k"), ("/initrd", "i"));
        Findings findings = new();
        BootMenu menu = Grub2Config.Load(host, host.Volumes[0], "/boot/grub/grub.cfg");
        MenuBuilder builder = new((request ?? new GenRequest()) with { Loader = loader }, new XenKernelInspector(), findings, _ => { });
        return (builder.Build(menu).Text(), [.. findings.Lines()]);
    }

    [Theory]
    [InlineData("evil\nkernel /other", @"evil\x0akernel /other")]
    [InlineData("a\u0001b\tc\u001b[2J", @"a\x01b\x09c\x1b[2J")]
    [InlineData("ends with \\", @"ends with \x5c")]
    [InlineData("=first", @"\x3dfirst")]
    [InlineData("  blanks  ", "blanks")]
    [InlineData("it's \"quoted\" $(x) {", "it's \"quoted\" $(x) {")]
    public void A_title_is_one_line(string title, string written)
    {
        string quoted = "'" + title.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
        (string text, _) = Make($"menuentry {quoted} {{ linux /vmlinuz ro }}\nmenuentry two {{ linux /vmlinuz two }}\n");
        Assert.Equal($"\ntitle {written}\nroot (hd0,0)\nkernel /vmlinuz ro\n\ntitle two\nroot (hd0,0)\nkernel /vmlinuz two\n", text[text.IndexOf("\ntitle", StringComparison.Ordinal)..]);

        using RealGrub grub = new();
        ReadMenu read = ReadBack.Grub(grub, text);
        Assert.Equal([(written, "/vmlinuz", "ro"), ("two", "/vmlinuz", "two")], read.Entries.Select(entry => (entry.Title, entry.Kernel, Assert.Single(entry.Words))));
        Assert.Equal([written, "two"], ReadBack.PygrubLegacy(text).Entries.Select(entry => entry.Title));
        Assert.Equal([written, "two"], Ours(text).Entries.Select(entry => entry.Title));
    }

    [Theory]
    [InlineData("'a\nkernel /other'", "a control character in its arguments")]
    [InlineData("'a\u001bb'", "a control character in its arguments")]
    [InlineData("'a\u007fb'", "a control character in its arguments")]
    public void Arguments_with_control_characters_are_left_out(string word, string finding)
    {
        (string text, string[] findings) = Make($"menuentry bad {{ linux /vmlinuz {word} }}\nmenuentry good {{ linux /vmlinuz ro }}\n");
        Assert.DoesNotContain("other", text);
        Assert.Single(Ours(text).Entries);
        Assert.Contains(findings, line => line.Contains(finding, StringComparison.Ordinal));
        Assert.Contains("the default entry, entry 0 \"bad\", is not in the menu.lst: \"good\" boots instead", findings);
    }

    [Fact]
    public void A_path_with_a_blank_is_left_out()
    {
        (string text, string[] findings) = Make("menuentry bad { linux '/vm linuz' }\nmenuentry good { linux /vmlinuz }\n");
        Assert.DoesNotContain("vm linuz", text);
        Assert.Contains(findings, line => line.Contains("/vm linuz has a blank or a control character in it", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_that_can_be_written_is_an_error()
    {
        GenException e = Assert.Throws<GenException>(() => Make("menuentry bad { linux '/vm linuz' }\n"));
        Assert.Equal(ExitCode.NotFound, e.Code);
    }

    /// <summary>GRUB 2 gives a"b, it's and c\d; with its own cmdline.c the kernel gets backslashes before each of the three.</summary>
    [Fact]
    public void Quotes_and_backslashes_come_out_of_PV_GRUB_2_as_of_the_guests_own_GRUB_2()
    {
        const string Config = """
            menuentry x { linux /vmlinuz 'a"b' "it's" 'c\d' }
            """;
        (string text, string[] findings) = Make(Config, PvGrub.Grub2);
        Assert.Contains("""kernel /vmlinuz a"b it's c\d""" + "\n", text);
        Assert.DoesNotContain(findings, line => line.Contains("backslash", StringComparison.Ordinal));
        using RealGrub grub = new();
        Assert.Equal(["a\"b", "it's", "c\\d"], ReadBack.Grub(grub, text).Entries[0].Words);

        // GRUB 0.97 hands over the line as it stands: what the guest's own GRUB gives to the kernel.
        (string legacy, findings) = Make(Config, PvGrub.Legacy);
        Assert.Contains("""kernel /vmlinuz a\"b it\'s c\\d""" + "\n", legacy);
        Assert.DoesNotContain(findings, line => line.Contains("backslash", StringComparison.Ordinal));
        (_, findings) = Make(Config);
        Assert.Contains(findings, line => line.Contains("written for PV-GRUB 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_blank_inside_a_word_is_only_for_GRUB_0_97()
    {
        const string Config = "menuentry x { linux /vmlinuz dyndbg='file a.c +p' }\n";
        (string text, string[] findings) = Make(Config, PvGrub.Legacy);
        Assert.Contains("kernel /vmlinuz \"dyndbg=file a.c +p\"\n", text);
        Assert.DoesNotContain(findings, line => line.Contains("blank", StringComparison.Ordinal));
        (_, findings) = Make(Config);
        Assert.Contains(findings, line => line.Contains("blank inside a word", StringComparison.Ordinal));
    }

    [Fact]
    public void A_backslash_at_the_end_would_join_the_next_line()
    {
        (string text, string[] findings) = Make("menuentry bad { linux /vmlinuz 'a\\' }\nmenuentry good { linux /vmlinuz }\n", PvGrub.Grub2);
        Assert.Single(Ours(text).Entries);
        Assert.Contains(findings, line => line.Contains("end with a backslash", StringComparison.Ordinal));
    }

    [Fact]
    public void More_arguments_than_Xen_hands_over_are_told()
    {
        (_, string[] findings) = Make($"menuentry x {{ linux /vmlinuz {new string('a', 1600)} }}\n");
        Assert.Contains(findings, line => line.Contains("1600 bytes: Xen hands over 1023", StringComparison.Ordinal));
        Assert.Contains(findings, line => line.Contains("GRUB 0.97 reads 1499", StringComparison.Ordinal));
    }

    [Fact]
    public void Titles_of_submenus_tell_entries_apart()
    {
        (string text, _) = Make(
            """
            menuentry same { linux /vmlinuz 0 }
            submenu more { menuentry same { linux /vmlinuz 1 }
            menuentry own { linux /vmlinuz 2 } }
            menuentry same { linux /vmlinuz 3 }
            set default="1>1"
            set fallback="2"
            set timeout=7
            """);
        Assert.Equal(["same", "more > same", "own", "same (2)"], Ours(text).Entries.Select(entry => entry.Title));
        Assert.Contains("default 2\nfallback 3\ntimeout 7\n", text);
    }

    /// <summary>GRUB 2 for Xen has no (hd0): here the disk is called otherwise than the root line says, too.</summary>
    [Fact]
    public void Grub_2_finds_the_filesystem_by_its_UUID_whatever_the_disk_is_called()
    {
        const string Uuid = "11111111-2222-3333-4444-555555555555";
        string text = MenuLstProgram.Run(MenuLstProgram.Disk("msdos")).Text;
        Assert.Contains($"\nroot (hd0,0)\nuuid {Uuid}\nkernel /boot/", text);
        using RealGrub grub = new();
        Assert.All(ReadBack.Grub(grub, text, Uuid).Entries, entry => Assert.Equal("hd0", entry.Root));
        Assert.All(ReadBack.Grub(grub, text).Entries, entry => Assert.Equal("hd0,1", entry.Root));
        Assert.DoesNotContain("uuid ", MenuLstProgram.Run("--loader=legacy", MenuLstProgram.Disk("msdos")).Text);
    }

    [Theory]
    [InlineData("11111111-2222-3333-4444-555555555555\nkernel /other")]
    [InlineData("a b")]
    [InlineData("")]
    public void What_is_no_UUID_is_not_written(string uuid) => Assert.Null(LegacyName.UuidOf(new MemoryVolume("hd0") { Uuid = uuid }));

    [Fact]
    public void A_console_is_made_the_last_and_text_is_added()
    {
        GenRequest request = new() { Console = "hvc0", Append = "quiet splash" };
        (string text, _) = Make("menuentry x { linux /vmlinuz console=hvc0 console=tty0 ro }\nmenuentry y { linux /vmlinuz console=hvc0 }\n", request: request);
        Assert.Contains("kernel /vmlinuz console=hvc0 console=tty0 ro console=hvc0 quiet splash\n", text);
        Assert.Contains("kernel /vmlinuz console=hvc0 quiet splash\n", text);
    }

    private static BootMenu Ours(string text)
    {
        MemoryHost host = MemoryHost.With(("/menu.lst", text), ("/vmlinuz", "k"), ("/initrd", "i"));
        return GrubLegacyConfig.Load(host, host.Volumes[0], "/menu.lst");
    }
}
