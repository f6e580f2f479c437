using BlockRbd.BootConfig.SystemdBoot;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.BootConfig.Tests.SystemdBoot;

/// <summary>What systemd-boot does with its files: loader.conf(5), UAPI.1, and boot.c.</summary>
public class SystemdBootConfigTests
{
    private const string SystemPartition = "c12a7328-f81f-11d2-ba4b-00c93ec93b53";
    private const string ExtendedLoader = "bc13c2ff-59e6-4262-a352-b275fd6f7172";

    [Fact]
    public void An_entry_boots_what_it_says()
    {
        BootMenu menu = Load(
            ("/loader/entries/a.conf", "# comment\ntitle  A\nversion 6.1\n\nlinux\t/k\ninitrd /ucode\ninitrd i\noptions \"root=/dev/xvda1 ro\"\noptions quiet\ndevicetree /d\n"),
            ("/k", ""), ("/ucode", ""), ("/i", ""));
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Default!.Plan());
        Assert.Equal(("A", "a.conf", "0"), (menu.Default!.Title, menu.Default!.Id, menu.Default!.Index));
        Assert.Equal(("/k", "root=/dev/xvda1 ro quiet", "/d"), (boot.Kernel.Path, boot.Arguments, boot.DeviceTree!.Path));
        Assert.Equal(["/ucode", "/i"], boot.Initrds.Select(file => file.Path));
    }

    [Theory]
    [InlineData("linux /gone\n", "names (hd0,gpt1)/gone, which is not there")]
    [InlineData("linux /k\narchitecture aa64\n", "is for the architecture aa64")]
    [InlineData("title x\n", "has none, or several, of \"linux\", \"uki\" and \"efi\"")]
    [InlineData("linux /k\nefi /k\n", "has none, or several, of \"linux\", \"uki\" and \"efi\"")]
    public void An_entry_is_left_out_with_a_reason(string entry, string reason)
    {
        BootMenu menu = Load(("/loader/entries/a.conf", entry), ("/loader/entries/b.conf", "linux /k\n"), ("/k", ""));
        Assert.Equal("b.conf", Assert.Single(menu.Entries).Id);
        Assert.Equal([$"(hd0,gpt1)/loader/entries/a.conf {reason}"], menu.Warnings);
    }

    [Fact]
    public void Where_every_kernel_is_missing_the_entries_are_shown() =>
        Assert.Equal("/gone", Assert.IsType<LinuxBoot>(Load(("/loader/entries/a.conf", "linux /gone\n")).Default!.Plan()).Kernel.Path);

    [Theory]
    [InlineData(".hidden.conf")]
    [InlineData("auto-windows.conf")]
    [InlineData("a.txt")]
    public void Other_files_are_no_entries(string name) => Assert.Empty(Load(($"/loader/entries/{name}", "linux /k\n"), ("/k", "")).Entries);

    [Theory]
    [InlineData("default b.conf\n", "b.conf")]
    [InlineData("default b*\n", "b.conf")]
    [InlineData("default B.CONF\n", "b.conf")]
    [InlineData("default *-never\n", "c.conf")]
    [InlineData("default @saved\n", "c.conf")]
    [InlineData("default @nonsense\ndefault a.conf\n", "a.conf")]
    [InlineData("preferred a*\ndefault b*\n", "a.conf")]
    [InlineData("timeout 3\n", "c.conf")]
    [InlineData("", "c.conf")]
    public void Default_is(string loaderConf, string id) => Assert.Equal(id, Three(loaderConf).Default!.Id);

    [Theory]
    [InlineData("timeout 7\n", 7)]
    [InlineData("timeout menu-force\n", null)]
    [InlineData("timeout menu-hidden\n", 0)]
    [InlineData("timeout 5\ntimeout menu-disabled\n", 0)]
    [InlineData("timeout soon\n", 0)]
    [InlineData("", 0)]
    public void Timeout_is(string loaderConf, int? seconds) => Assert.Equal(seconds, Three(loaderConf).TimeoutSeconds);

    [Fact]
    public void Entries_of_the_system_partition_and_of_the_extended_one_are_one_menu()
    {
        MemoryHost host = new();
        host.Add("hd0,gpt1", type: SystemPartition).File("/loader/loader.conf", "default b.conf\n").File("/loader/entries/a.conf", "linux /k\n").File("/k");
        host.Add("hd0,gpt2", type: ExtendedLoader).File("/loader/entries/b.conf", "linux /k\n").File("/k");
        host.Add("hd0,gpt3").File("/loader/entries/c.conf", "linux /k\n").File("/k");
        host.Add("hd1,gpt1", type: ExtendedLoader).File("/loader/entries/d.conf", "linux /k\n").File("/k");
        foreach ((IBootVolume volume, string path) in ((IBootVolume, string)[])[(host.Volumes[0], "/loader/loader.conf"), (host.Volumes[1], "/loader/entries")])
        {
            BootMenu menu = SystemdBootConfig.Load(host, volume, path);
            Assert.Equal(["b.conf", "a.conf"], menu.Entries.Select(entry => entry.Id));
            Assert.Equal("(hd0,gpt2)/k", Assert.IsType<LinuxBoot>(menu.Default!.Plan()).Kernel.ToString());
        }
    }

    [Fact]
    public void Below_a_mount_points_directory_paths_count_from_there()
    {
        MemoryHost host = MemoryHost.With(("/efi/loader/entries/a.conf", "linux /k\ninitrd /boot/i\n"), ("/efi/k", ""), ("/boot/i", ""));
        LinuxBoot boot = Assert.IsType<LinuxBoot>(SystemdBootConfig.Load(host, host.Volumes[0], "/efi/loader/entries").Default!.Plan());
        Assert.Equal(("/efi/k", "/boot/i"), (boot.Kernel.Path, boot.Initrds[0].Path));
    }

    [Fact]
    public void A_kernel_started_as_an_efi_program_is_a_kernel()
    {
        string kernel = new string('\0', 0x202) + "HdrS";
        BootMenu menu = Load(("/loader/entries/a.conf", "efi \\k\noptions initrd=\\i root=x\n"), ("/loader/entries/0.conf", "efi /shell.efi\n"), ("/k", kernel), ("/i", ""), ("/shell.efi", "MZ"));
        LinuxBoot boot = Assert.IsType<LinuxBoot>(menu.Select("a.conf")!.Plan());
        Assert.Equal(("/k", "/i"), (boot.Kernel.Path, Assert.Single(boot.Initrds).Path));
        Assert.Equal("efi /shell.efi", Assert.IsType<OtherBoot>(menu.Select("0.conf")!.Plan()).What);
    }

    [Theory]
    [InlineData("a+3.conf", "a.conf", 3, 0)]
    [InlineData("a+3-1.conf", "a.conf", 3, 1)]
    [InlineData("a+0-3.conf", "a.conf", 0, 3)]
    [InlineData("6.1+debug.conf", "6.1+debug.conf", null, 0)]
    [InlineData("6.1+debug+2.conf", "6.1+debug.conf", 2, 0)]
    [InlineData("a+1-2-3.conf", "a+1-2-3.conf", null, 0)]
    [InlineData("a+.conf", "a+.conf", null, 0)]
    [InlineData("+5.conf", ".conf", 5, 0)]
    public void Boot_counters_are_taken_off(string name, string id, int? left, int done) =>
        Assert.Equal(new LoaderName(id, left, done), LoaderName.Of(name, ".conf"));

    [Fact]
    public void An_entry_without_tries_left_is_last_and_never_preferred()
    {
        BootMenu menu = Load(
            ("/loader/entries/z+0-3.conf", "linux /k\n"), ("/loader/entries/a.conf", "linux /k\n"), ("/k", ""), ("/loader/loader.conf", "preferred z*\n"));
        Assert.Equal(["a.conf", "z.conf"], menu.Entries.Select(entry => entry.Id));
        Assert.Equal("a.conf", menu.Default!.Id);
    }

    /// <summary>The patterns and answers are rust-hypervisor-firmware's, and fnmatch's own.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("foobar.conf", true)]
    [InlineData("barfoo.conf", false)]
    [InlineData("*", true)]
    [InlineData("foo*.conf", true)]
    [InlineData("*obar.conf", true)]
    [InlineData("fo?bar.conf", true)]
    [InlineData("foo?bar.conf", false)]
    [InlineData("foo\\bar.conf", true)]
    [InlineData("foo\\?ar.conf", false)]
    [InlineData("foobar.conf\\", false)]
    [InlineData("[a-f]oobar.conf", true)]
    [InlineData("[!f]oobar.conf", true)] // no negation in sd-boot: "!" is a member like another
    [InlineData("[]f]oobar.conf", true)]
    [InlineData("[a-c]oobar.conf", false)]
    [InlineData("[foobar.conf", false)]
    [InlineData("*o*o*b*conf", true)]
    [InlineData("*o*o*o*conf", false)]
    [InlineData("foobar.conf*", true)]
    [InlineData("foobar.conf?", false)]
    public void Patterns_match(string pattern, bool matches) => Assert.Equal(matches, LoaderGlob.Matches(pattern, "foobar.conf"));

    private static BootMenu Three(string loaderConf) => Load(
        ("/loader/loader.conf", loaderConf), ("/loader/entries/a.conf", "linux /k\n"), ("/loader/entries/b.conf", "linux /k\n"),
        ("/loader/entries/c.conf", "linux /k\n"), ("/k", ""));

    private static BootMenu Load(params (string Path, string Text)[] files)
    {
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0,gpt1", type: SystemPartition);
        foreach ((string path, string text) in files)
        {
            volume.File(path, text);
        }

        return SystemdBootConfig.Load(host, volume, "/loader/entries");
    }
}
