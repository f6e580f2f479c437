using System.Buffers.Binary;
using System.Text.Json;
using BlockRbd.BootConfig.SystemdBoot;
using BlockRbd.GuestDisk;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.SystemdBoot;

/// <summary>Unified kernel images made by ukify, with what was put into them.</summary>
public sealed class UnifiedKernelTests : IDisposable
{
    private const string Images = "/EFI/Linux";

    private readonly ScratchFolder _scratch = new();
    private readonly MemoryHost _host = new();
    private readonly MemoryVolume _volume;

    public UnifiedKernelTests()
    {
        _volume = _host.Add("hd0,gpt1");
        Directory.CreateDirectory(_scratch["esp/EFI/Linux"]);
        _scratch.Noise("linux", 70_001);
        _scratch.Noise("initrd", 5_003);
        _scratch.Noise("ucode", 3_001);
        File.WriteAllText(_scratch["osrel"], "NAME=Test\nID=test\nPRETTY_NAME=\"Test Linux 7\"\nVERSION_ID=7\n");
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Kernel_initrd_microcode_and_command_line_are_what_went_in()
    {
        LinuxBoot boot = Assert.IsType<LinuxBoot>(One(Make("a.efi")).Plan());
        Assert.Equal(File.ReadAllBytes(_scratch["linux"]), Bytes(boot.Kernel));
        Assert.Equal([File.ReadAllBytes(_scratch["ucode"]), File.ReadAllBytes(_scratch["initrd"])], boot.Initrds.Select(Bytes));
        Assert.Equal("root=/dev/xvda1 ro", boot.Arguments);
        Assert.Equal("(hd0,gpt1)/EFI/Linux/a.efi[.linux]", boot.Kernel.ToString());
    }

    [Fact]
    public void Images_without_and_with_counters_are_bootctls_entries()
    {
        Make("a.efi");
        Make("b+0-3.efi");
        Make("c+2.efi");
        BootMenu menu = Load();
        IReadOnlyList<JsonElement> real = SystemdTools.BootctlList(_scratch["esp"]);
        Assert.Equal(real.Select(entry => CorpusCase.Text(entry, "id")), menu.Entries.Select(entry => entry.Id));
        Assert.Equal(real.Select(entry => CorpusCase.Text(entry, "cmdline")), menu.Entries.Select(entry => Assert.IsType<LinuxBoot>(entry.Plan()).Arguments));
    }

    [Fact]
    public void Profiles_are_bootctls_entries()
    {
        SystemdTools.Ukify(isProfile: true, "--profile=ID=rescue\nTITLE=Rescue me", "--cmdline=single", $"--output={_scratch["rescue"]}");
        SystemdTools.Ukify(isProfile: true, "--profile=ID=other", $"--initrd={_scratch["ucode"]}", $"--output={_scratch["other"]}");
        Make("a.efi", "--profile=TITLE=Main", $"--join-profile={_scratch["rescue"]}", $"--join-profile={_scratch["other"]}");
        BootMenu menu = Load();
        Dictionary<string, JsonElement> real = SystemdTools.BootctlList(_scratch["esp"]).ToDictionary(entry => CorpusCase.Text(entry, "id")!);
        Assert.Equal(["a.efi", "a.efi@rescue", "a.efi@other"], menu.Entries.Select(entry => entry.Id));
        Assert.Equal(real.Keys.Order(), menu.Entries.Select(entry => entry.Id).Order());
        foreach (BootEntry entry in menu.Entries)
        {
            Assert.Equal(CorpusCase.Text(real[entry.Id], "showTitle"), entry.Title);
            Assert.Equal(CorpusCase.Text(real[entry.Id], "cmdline"), Assert.IsType<LinuxBoot>(entry.Plan()).Arguments);
        }

        LinuxBoot other = Assert.IsType<LinuxBoot>(menu.Entries[2].Plan());
        Assert.Equal(File.ReadAllBytes(_scratch["linux"]), Bytes(other.Kernel));
        Assert.Equal([File.ReadAllBytes(_scratch["ucode"]), File.ReadAllBytes(_scratch["ucode"])], other.Initrds.Select(Bytes)); // its own .initrd goes before the common one
    }

    [Fact]
    public void An_entry_file_may_name_an_image()
    {
        Make("a.efi");
        _volume.File("/loader/entries/x.conf", $"title X\nuki {Images}/a.efi\noptions other\n");
        BootEntry entry = SystemdBootConfig.Load(_host, _volume, "/loader/entries").Entries.Single(entry => entry.Id == "x.conf");
        LinuxBoot boot = Assert.IsType<LinuxBoot>(entry.Plan());
        Assert.Equal(("other", ".linux"), (boot.Arguments, boot.Kernel.Slice!.Name));
    }

    /// <summary>systemd-stub(7): those for all images first, each directory's by name; the last microcode is the kernel's first archive, ramdisks go behind the image's own.</summary>
    [Fact]
    public void Add_ons_bring_arguments_as_bootctl_lists_them_and_ramdisks_and_microcode()
    {
        Make("a.efi");
        Addon("loader/addons/2.addon.efi", "--cmdline=global two");
        Addon("loader/addons/1.addon.efi", "--cmdline=global one", $"--microcode={_scratch["initrd"]}");
        Addon("EFI/Linux/a.efi.extra.d/x.addon.efi", "--cmdline=local", $"--initrd={_scratch["ucode"]}", "--uname=6.1.0");
        Addon("EFI/Linux/a.efi.extra.d/y.addon.efi", $"--microcode={_scratch["ucode"]}");
        Addon("EFI/Linux/b.efi.extra.d/z.addon.efi", "--cmdline=another image's");
        LinuxBoot boot = Assert.IsType<LinuxBoot>(Assert.Single(Load().Entries).Plan());
        Assert.Equal(CorpusCase.Text(Assert.Single(SystemdTools.BootctlList(_scratch["esp"])), "cmdline"), boot.Arguments);
        Assert.Equal("root=/dev/xvda1 ro global one global two local", boot.Arguments);
        byte[] ucode = File.ReadAllBytes(_scratch["ucode"]);
        byte[] initrd = File.ReadAllBytes(_scratch["initrd"]);
        Assert.Equal([ucode, initrd, ucode, initrd, ucode], boot.Initrds.Select(Bytes));
        Assert.Empty(boot.Warnings);
    }

    /// <summary>src/boot/util.c, get_extra_dir, takes the counter off (bootctl doesn't); src/boot/stub.c, load_addons, wants the same .uname.</summary>
    [Fact]
    public void An_image_with_a_boot_counter_has_the_add_ons_of_its_name_and_of_its_kernel_only()
    {
        Make("a+3-1.efi");
        Addon("EFI/Linux/a.efi.extra.d/x.addon.efi", "--cmdline=mine");
        Addon("EFI/Linux/a.efi.extra.d/other.addon.efi", "--cmdline=no", "--uname=5.0");
        LinuxBoot boot = Assert.IsType<LinuxBoot>(Assert.Single(Load().Entries).Plan());
        Assert.Equal("root=/dev/xvda1 ro mine", boot.Arguments);
        Assert.Equal("(hd0,gpt1)/EFI/Linux/a.efi.extra.d/other.addon.efi is for the kernel 5.0", Assert.Single(boot.Warnings));
    }

    [Fact]
    public void What_the_stub_would_pack_itself_and_broken_add_ons_are_named()
    {
        Make("a.efi");
        _volume.File("/loader/addons/bad.addon.efi", "MZ").File("/loader/credentials/b.cred").File("/EFI/Linux/a.efi.extra.d/c.sysext.raw");
        Assert.Equal(
            [
                "(hd0,gpt1)/loader/addons/bad.addon.efi is no PE file",
                "(hd0,gpt1)/EFI/Linux/a.efi.extra.d/c.sysext.raw is not handed over: systemd-stub would pack it into a ramdisk",
                "(hd0,gpt1)/loader/credentials/b.cred is not handed over: systemd-stub would pack it into a ramdisk",
            ],
            Assert.Single(Load().Entries).Plan().Warnings);
    }

    [Fact]
    public void A_single_image_is_a_configuration() =>
        Assert.Equal("Test Linux 7", SystemdBootConfig.Load(_host, _volume, Make("a.efi")).Default!.Title);

    [Theory]
    [InlineData(0)] // "MZ"
    [InlineData(0x3C)] // where the PE header is
    public void A_broken_header_is_no_image(int offset)
    {
        string path = Make("a.efi");
        _volume.Files[path][offset] ^= 0xFF;
        BootMenu menu = Load();
        Assert.Empty(menu.Entries);
        Assert.Equal($"(hd0,gpt1){path} is no PE file", Assert.Single(menu.Warnings));
    }

    [Fact]
    public void An_image_that_was_cut_short_says_where()
    {
        string path = Make("a.efi");
        _volume.Files[path] = _volume.Files[path][..^3000];
        Assert.Contains("ends at byte", Assert.Single(Load().Warnings));
    }

    [Fact]
    public void Whatever_the_headers_say_only_the_librarys_exceptions_come_out()
    {
        string path = Make("a.efi");
        byte[] image = _volume.Files[path];
        int header = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(0x3C));
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = [.. image];
            for (int changes = random.Next(1, 5); changes > 0; changes--)
            {
                changed[random.Next(header, header + 0x400)] = (byte)Pick(random, 0, 0xFF, 0x7F, random.Next(256));
            }

            _volume.Files[path] = changed;
            foreach (BootEntry entry in Load().Entries)
            {
                try
                {
                    entry.Plan();
                }
                catch (Exception e) when (e is BootConfigException or ImageFormatException)
                {
                    // What a bad image may end in.
                }
            }
        }
    }

    private static int Pick(Random random, params int[] values) => values[random.Next(values.Length)];

    private string Make(string name, params string[] more)
    {
        string file = _scratch["esp/EFI/Linux/" + name];
        SystemdTools.Ukify(
            isProfile: false,
            [
                $"--linux={_scratch["linux"]}", $"--initrd={_scratch["initrd"]}", $"--microcode={_scratch["ucode"]}", "--cmdline=root=/dev/xvda1 ro",
                $"--os-release=@{_scratch["osrel"]}", "--uname=6.1.0", $"--output={file}", .. more,
            ]);
        _volume.Files[$"{Images}/{name}"] = File.ReadAllBytes(file);
        return $"{Images}/{name}";
    }

    private void Addon(string path, params string[] what)
    {
        string file = _scratch["esp/" + path];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        SystemdTools.Ukify(isProfile: true, [.. what, $"--output={file}"]);
        _volume.Files["/" + path] = File.ReadAllBytes(file);
    }

    private BootEntry One(string path) => Assert.Single(SystemdBootConfig.Load(_host, _volume, path).Entries);

    private BootMenu Load() => SystemdBootConfig.Load(_host, _volume, Images);

    private byte[] Bytes(BootFile file) => _volume.Files[file.Path].AsSpan((int)file.Slice!.Offset, (int)file.Slice.Length).ToArray();
}
