using BlockRbd.BootConfig.Grub2;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.Grub2;

/// <summary>What entries boot, and what is said of those that can't.</summary>
public class Grub2ConfigTests
{
    private const string Path = "/boot/grub/grub.cfg";

    [Theory]
    [InlineData("linux /vmlinuz a 'b c' d\\\\e \"f\\\"g\"", "/vmlinuz", "a \"b c\" d\\\\e f\\\"g")]
    [InlineData("linux16 (hd0,msdos1)/vmlinuz ro\ninitrd16 /initrd /ucode", "/vmlinuz", "ro")]
    [InlineData("linux ($root)/vmlinuz ''", "/vmlinuz", "")]
    [InlineData("set root=(xen/xvda,1)\nlinuxefi /vmlinuz x", "/vmlinuz", "x")]
    [InlineData("multiboot /xen dom0_mem=1G\nmodule /vmlinuz placeholder root=/dev/x ro\nmodule --nounzip /initrd", "/vmlinuz", "root=/dev/x ro")]
    [InlineData("linux /missing\nlinux /vmlinuz second", "/vmlinuz", "second")]
    [InlineData("if [ -f /vmlinuz ]; then linux /vmlinuz $1; fi", "/vmlinuz", "t t")]
    public void Boots_linux(string body, string kernel, string arguments)
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(Plan($"menuentry 't t' {{\n{body}\n}}\n"));
        Assert.Equal(kernel, boot.Kernel.Path);
        Assert.Equal("hd0,msdos1", boot.Kernel.Volume.GrubName);
        Assert.Equal(arguments, boot.Arguments);
    }

    /// <summary>Red Hat's "Fix menu entry selection based on ID and title"; GNU GRUB takes the number and finds no such entry.</summary>
    [Theory]
    [InlineData("", "1st")]
    [InlineData("insmod blscfg\n", "2nd")]
    public void A_default_that_begins_with_a_digit_is_a_name_to_Red_Hats_GRUB_first(string first, string title)
    {
        MemoryHost host = MemoryHost.With((Path, first + "default=0123456789abcdef-6.1\n"
            + "menuentry 1st --id fedcba9876543210-6.2 { true; }\nmenuentry 2nd --id 0123456789abcdef-6.1 { true; }\n"));
        Assert.Equal(title, Grub2Config.Load(host, host.Volumes[0], Path).Default!.Title);
    }

    [Theory]
    [InlineData("1", "b")]
    [InlineData("b", "1")]
    [InlineData("0", "x")]
    [InlineData("x", "x")]
    [InlineData("2", "x")]
    public void An_id_goes_before_a_title_and_a_title_before_a_number_in_Red_Hats_GRUB(string selector, string title)
    {
        MemoryHost host = MemoryHost.With((Path, $"insmod blscfg\ndefault={selector}\n"
            + "menuentry b --id 1 { true; }\nmenuentry 1 --id b { true; }\nmenuentry x --id 0 { true; }\n"));
        Assert.Equal(title, Grub2Config.Load(host, host.Volumes[0], Path).Default!.Title);
    }

    /// <summary>Fedora's 01_fallback_counting (rhboot/grub2): a boot that never came up is counted down, and at 0 the other deployment is taken.</summary>
    [Theory]
    [InlineData("boot_counter=2\nboot_success=0\n", "new 1")]
    [InlineData("boot_counter=1\nboot_success=0\n", "new 0")]
    [InlineData("boot_counter=0\nboot_success=0\n", "old -1")]
    [InlineData("boot_counter=-1\nboot_success=0\n", "old -1")]
    [InlineData("boot_counter=0\nboot_success=1\n", "new 0")]
    [InlineData("boot_success=1\n", "new")]
    [InlineData("boot_counter=0x10\nboot_success=0\n", "new 15")]
    [InlineData("boot_counter=many\nboot_success=0\n", "new many")]
    public void Red_Hats_boot_counter_chooses_the_entry(string variables, string expected)
    {
        MemoryHost host = MemoryHost.With(
            (Path, """
                load_env
                insmod increment
                if [ -n "${boot_counter}" -a "${boot_success}" = "0" ]; then
                  if  [ "${boot_counter}" = "0" -o "${boot_counter}" = "-1" ]; then
                    set default=1
                    set boot_counter=-1
                  else
                    decrement boot_counter
                  fi
                  save_env boot_counter
                fi
                menuentry new { linux /vmlinuz $1 $boot_counter }
                menuentry old { linux /vmlinuz $1 $boot_counter }
                """),
            ("/boot/grub/grubenv", ("# GRUB Environment Block\n" + variables).PadRight(1024, '#')), ("/vmlinuz", ""));
        Assert.Equal(expected, Assert.IsType<LinuxBoot>(Grub2Config.Load(host, host.Volumes[0], Path).Default!.Plan()).Arguments);
    }

    [Theory]
    [InlineData("n=1; increment n", "2")]
    [InlineData("n=-1; increment n; increment n", "1")]
    [InlineData("n=9223372036854775808; increment n", "9223372036854775808")]
    [InlineData("n=-9223372036854775808; increment n", "-9223372036854775807")]
    [InlineData("n=1; increment n 2", "1")]
    [InlineData("increment n", "")]
    public void Numbers_are_counted_as_longs(string script, string expected) =>
        Assert.Equal(expected, Assert.IsType<LinuxBoot>(Plan($"{script}\nmenuentry x {{ linux /vmlinuz $n }}\n")).Arguments);

    [Fact]
    public void A_question_about_the_firmwares_setup_ends_nothing() =>
        Assert.IsType<LinuxBoot>(Plan("fwsetup --is-supported\nif [ $? = 0 ]; then menuentry x { linux /vmlinuz }; fi\n"));

    /// <summary>SUSE's 95_textmode.</summary>
    [Fact]
    public void A_hidden_entry_is_no_entry() =>
        Assert.Empty(Load("menuentry x { linux /vmlinuz }\nhiddenentry 'Text mode' --hotkey 't' {\n  set textmode=true\n}\n").Warnings);

    [Fact]
    public void An_entry_that_leads_to_an_empty_submenu_boots_nothing()
    {
        MemoryHost host = MemoryHost.With((Path, "menuentry x { configfile /other }\n"), ("/other", "submenu y { true; }\n"));
        Assert.Equal("an empty submenu", Assert.IsType<OtherBoot>(Grub2Config.Load(host, host.Volumes[0], Path).Entries[0].Plan()).What);
    }

    [Fact]
    public void Several_initrds_keep_their_order_and_the_last_command_counts()
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(Plan("menuentry x { linux /vmlinuz; initrd /ucode; initrd /ucode /initrd; }"));
        Assert.Equal(["/ucode", "/initrd"], boot.Initrds.Select(file => file.Path));
    }

    [Fact]
    public void An_initrd_that_is_missing_leaves_the_kernel_to_boot_with_a_warning()
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(Plan("menuentry x {\n linux /vmlinuz\n initrd /missing\n}"));
        Assert.Empty(boot.Initrds);
        Assert.Equal(["(hd0,msdos1)/boot/grub/grub.cfg:3:2: file `/missing' not found"], boot.Warnings);
    }

    [Theory]
    [InlineData("menuentry x {\n  linux /missing\n  initrd /initrd\n}", "2:3: file `/missing' not found")]
    [InlineData("menuentry x { initrd /initrd; }", "1:15: you need to load the kernel first")]
    [InlineData("menuentry x { loopback loop /boot/grub/grub.cfg; linux (loop)/vmlinuz; }", "1:15: loopback /boot/grub/grub.cfg: files of this volume can't be opened as disks here")]
    [InlineData("menuentry x { loopback loop /iso; linux (loop)/vmlinuz; }", "1:15: file `/iso' not found")]
    [InlineData("menuentry x { linux (hd7)/vmlinuz; }", "1:15: disk `hd7' not found")]
    [InlineData("menuentry x { linux (hd0,msdos9)/vmlinuz; }", "1:15: no such partition")]
    [InlineData("menuentry x { linux vmlinuz; }", "1:15: invalid file name `vmlinuz'")]
    [InlineData("menuentry x { linux /boot; }", "1:15: not a regular file")]
    [InlineData("menuentry x { linux; }", "1:15: filename expected")]
    [InlineData("menuentry x { linux /vmlinuz; initrd newc:a:/initrd; }", "1:31: initrd newc:a:/initrd: newc: is not supported")]
    [InlineData("menuentry x { boot; }", "1:15: you need to load the kernel first")]
    [InlineData("menuentry x { syslinux_source /a; }", "1:15: syslinux_source is not supported")]
    [InlineData("function l {\n  linux $1\n}\nmenuentry x { l /missing; }", "2:3: file `/missing' not found")]
    public void An_entry_that_fails_says_where(string config, string message) =>
        Assert.Equal($"(hd0,msdos1){Path}:{message}", Assert.Throws<BootConfigException>(() => Plan(config)).Message);

    [Theory]
    [InlineData("true\necho }\n", "2:6: syntax error: unexpected `}'")]
    [InlineData("if true; then\necho a\n", "2:7: syntax error: the script ends inside a construct or quotes")]
    [InlineData("echo 'a\nb\n", "2:2: syntax error: the script ends inside a construct or quotes")]
    [InlineData("echo $\n", "1:6: syntax error: `$' without a variable's name")]
    [InlineData("echo a;; echo b\n", "1:7: syntax error: unexpected `;;'")]
    [InlineData("menuentry x {\n}\n", "2:1: syntax error: unexpected `}'")]
    [InlineData("nosuch\n", "1:1: can't find command `nosuch'")]
    [InlineData("true; search --set=root --label x\n", "1:7: no such device: x")]
    [InlineData("source /nope\n", "1:1: source /nope: file `/nope' not found")]
    [InlineData("eval 'nosuch'\n", "1:1: can't find command `nosuch'")]
    public void A_configuration_goes_on_behind_an_error_and_warns(string lines, string warning)
    {
        BootMenu menu = Load($"{lines}");
        Assert.Equal([$"(hd0,msdos1){Path}:{warning}"], menu.Warnings);
    }

    [Fact]
    public void Planning_an_entry_changes_nothing_for_the_next_one()
    {
        BootMenu menu = Load("x=1\nmenuentry a { linux /vmlinuz $x; x=2; export x; }\nmenuentry b { linux /vmlinuz $x; }\n");
        foreach (BootEntry entry in menu.Entries.Concat(menu.Entries))
        {
            Assert.Equal("1", Assert.IsType<LinuxBoot>(entry.Plan()).Arguments);
        }
    }

    [Fact]
    public void A_stub_that_shows_another_configuration_gives_that_ones_menu()
    {
        BootMenu menu = Load("search.fs_label boot root hd9,gpt2\nset prefix=($root)/grub\nconfigfile $prefix/grub.cfg\n");
        Assert.Equal("(hd0,msdos2)/grub/grub.cfg", menu.Config.ToString());
        Assert.Equal(["other"], menu.Entries.Select(entry => entry.Title));
        Assert.Equal("(hd0,msdos2)/k", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.ToString());
    }

    [Fact]
    public void An_entry_that_shows_another_configuration_boots_that_ones_default() =>
        Assert.Equal("(hd0,msdos2)/k", Assert.IsType<LinuxBoot>(Plan("menuentry x { set root=hd0,2; configfile /grub/grub.cfg; }")).Kernel.ToString());

    [Fact]
    public void A_configuration_that_shows_itself_for_ever_ends() =>
        Assert.EndsWith("menus inside each other", Assert.Throws<BootConfigException>(() => Plan($"menuentry x {{ configfile {Path}; }}")).Message);

    [Fact]
    public void Boot_at_the_top_boots_before_any_menu()
    {
        BootMenu menu = Load("menuentry x { true; }\nlinux /vmlinuz top\ninitrd /initrd\nboot\n");
        Assert.Equal("top", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Arguments);
    }

    [Fact]
    public void A_kernel_that_nothing_boots_is_a_warning()
    {
        BootMenu menu = Load("linux /vmlinuz\n");
        Assert.Null(menu.Default);
        Assert.Equal([$"(hd0,msdos1){Path}: a kernel is loaded, but nothing boots it: GRUB shows its prompt"], menu.Warnings);
    }

    [Fact]
    public void Fallbacks_are_numbers_in_turn()
    {
        BootMenu menu = Load("menuentry a { true; }\nmenuentry b { true; }\nmenuentry c { true; }\nset fallback='9 2 1 b 0'\n");
        Assert.Equal(["2", "1"], menu.Fallbacks.Select(entry => entry.Index));
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("5.10 kernel", "1")]
    [InlineData("idb", "1")]
    [InlineData("2", "2>0")]
    [InlineData("sub", "2>0")]
    [InlineData("sub>d", "2>1")]
    [InlineData("2>1", "2>1")]
    [InlineData("2>9", null)]
    [InlineData("0>0", null)]
    [InlineData("nothing", null)]
    [InlineData("7", null)]
    public void Selects_as_default_does_but_never_another(string selector, string? index)
    {
        BootMenu menu = Load("menuentry a { true; }\nmenuentry '5.10 kernel' --id idb { true; }\nsubmenu sub { menuentry c { true; }; menuentry d { true; }; }\n");
        Assert.Equal(index, menu.Select(selector)?.Index);
    }

    [Theory]
    [InlineData("set timeout=5\nset timeout_style=hidden", 5, "hidden")]
    [InlineData("set timeout=-1", null, "menu")]
    [InlineData("", null, "menu")]
    [InlineData("set timeout=0x10\nset timeout_style=countdown", 16, "countdown")]
    public void The_timeout_is_read(string lines, int? seconds, string style)
    {
        BootMenu menu = Load($"{lines}\nmenuentry a {{ true; }}\n");
        Assert.Equal((seconds, style), (menu.TimeoutSeconds, menu.TimeoutStyle));
    }

    [Theory]
    [InlineData("while true; do true; done", "1:16: the script does not end within 1000000 steps")]
    [InlineData("a=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nwhile true; do a=$a$a; done", "2:16: words of more than 1048576 characters")]
    [InlineData("while true; do menuentry x { true; }; done", "1:16: more than 4096 menu entries")]
    [InlineData("while true; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", "1:16: the script prints more than 1048576 characters")]
    public void A_script_without_end_stops(string config, string message) =>
        Assert.Equal($"(hd0,msdos1){Path}:{message}", Assert.Throws<BootConfigException>(() => Load(config)).Message);

    [Fact]
    public void Nesting_without_end_is_refused_and_the_rest_runs()
    {
        string deep = string.Concat(Enumerable.Repeat("if true; then ", 5000));
        BootMenu menu = Load($"function f {{ f; }}\nf\n{deep}\n");
        Assert.Equal("(hd0,msdos1)/boot/grub/grub.cfg:1:14: maximum recursion depth exceeded", menu.Warnings[0]);
        Assert.EndsWith("more than 200 constructs inside each other", menu.Warnings[1]);
    }

    [Fact]
    public void Whatever_the_bytes_are_nothing_else_escapes()
    {
        Random random = new(7);
        for (int seed = 1; seed <= 400; seed++)
        {
            char[] script = new ScriptGenerator(seed).Make().ToCharArray();
            for (int i = 0; i < 8; i++)
            {
                script[random.Next(script.Length)] = (char)random.Next(256);
            }

            MemoryHost host = Guest(new string(script));
            try
            {
                BootMenu menu = Grub2Config.Load(host, host.Volumes[0], Path, new Grub2Options { Limits = new Grub2Limits { Steps = 20_000 } });
                menu.Default?.Plan();
            }
            catch (BootConfigException)
            {
            }
        }
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_false_to_a_test_with_a_warning()
    {
        MemoryHost host = Guest("if [ -f /damaged ]; then echo; else menuentry no { linux /vmlinuz; }; fi\n");
        ((MemoryVolume)host.Volumes[0]).Damaged.Add("/damaged");
        BootMenu menu = Grub2Config.Load(host, host.Volumes[0], Path);
        Assert.Equal(["no"], menu.Entries.Select(entry => entry.Title));
        Assert.Contains("damaged for the test", Assert.Single(menu.Warnings));
    }

    private static BootPlan Plan(string config) => Load(config).Default!.Plan();

    private static BootMenu Load(string config)
    {
        MemoryHost host = Guest(config);
        return Grub2Config.Load(host, host.Volumes[0], Path);
    }

    private static MemoryHost Guest(string config)
    {
        MemoryHost host = MemoryHost.With((Path, config), ("/vmlinuz", ""), ("/initrd", ""), ("/ucode", ""), ("/xen", ""));
        host.Add("hd0,msdos2", label: "boot").File("/grub/grub.cfg", "menuentry other { linux /k; }\n").File("/k");
        return host;
    }
}
