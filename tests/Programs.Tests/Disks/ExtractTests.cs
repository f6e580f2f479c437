using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Whole guest disks: what is handed over is what was put on them.</summary>
public sealed class ExtractTests
{
    private const string Uuid = "root=UUID=11111111-2222-3333-4444-555555555555";
    private static readonly string[] Joined = ["ucode", "initrd-5.10", "initrd-6.1"];
    private const string BootUuid = "root=UUID=66666666-7777-8888-9999-aaaaaaaaaaaa";

    [Theory]
    [InlineData("msdos", "", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet")]
    [InlineData("msdos", "--entry=0", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet")]
    [InlineData("msdos", "--entry=1>1", "vmlinuz-5.10", "initrd-5.10", Uuid + " ro single")]
    [InlineData("msdos", "--entry=gnulinux-advanced>gnulinux-5.10-advanced", "vmlinuz-5.10", "initrd-5.10", Uuid + " ro single")]
    [InlineData("msdos", "--entry=gnulinux-6.1-advanced", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro")]
    [InlineData("msdos", "--entry=Debian GNU/Linux, with Linux 5.10", "vmlinuz-5.10", "initrd-5.10", Uuid + " ro single")]
    [InlineData("msdos", "--entry=rescue", "vmlinuz-5.10", "initrd-5.10", Uuid + " ro rescue")]
    [InlineData("msdos", "--args=console=hvc0", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet console=hvc0")]
    [InlineData("msdos", "--ramdisk=/boot/ucode", "vmlinuz-6.1", "ucode", Uuid + " ro quiet")]
    [InlineData("whole-disk", "", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet")]
    [InlineData("logical", "", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet")]
    [InlineData("saved-entry", "", "vmlinuz-5.10", "initrd-5.10", Uuid + " ro single")]
    [InlineData("gpt", "", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet")]
    [InlineData("gpt-4096", "", "vmlinuz-6.1", "initrd-6.1", Uuid + " ro quiet")]
    [InlineData("separate-boot", "", "vmlinuz-6.1", "initrd-6.1", BootUuid + " ro quiet")]
    [InlineData("bls", "", "vmlinuz-5.10", "initrd-5.10", "root=/dev/xvda1 ro quiet")]
    [InlineData("legacy", "", "vmlinuz-5.10", "initrd-5.10", "root=/dev/xvda1 ro single")]
    [InlineData("legacy", "--entry=Debian 6.1", "vmlinuz-6.1", "initrd-6.1", "root=/dev/xvda1 ro")]
    public void Hands_over_kernel_ramdisk_and_arguments(string disk, string option, string kernel, string ramdisk, string arguments)
    {
        using ScratchFolder scratch = new();
        string[] options = option.Length > 0 ? [option] : [];
        Dictionary<string, string> answer = PygrubRbd.Answer(PygrubRbd.Run(
            ["-q", "--output-format=simple0", $"--output-directory={scratch.Path}", .. options, PygrubRbd.Disk(disk)]));
        Assert.Equal(arguments, answer["args"]);
        Assert.Equal(PygrubRbd.Payload(kernel), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(PygrubRbd.Payload(ramdisk), File.ReadAllBytes(answer["ramdisk"]));
        Assert.Equal(2, Directory.GetFiles(scratch.Path).Length);
    }

    [Fact]
    public void Several_initrds_become_one_ramdisk_each_padded_to_four_bytes()
    {
        using ScratchFolder scratch = new();
        byte[] expected = [.. Joined.Select(PygrubRbd.Payload).SelectMany(file => file.Concat(new byte[-file.Length & 3]))];
        Dictionary<string, string> answer = PygrubRbd.Answer(
            PygrubRbd.Run("-q", "--output-format=simple0", $"--output-directory={scratch.Path}", PygrubRbd.Disk("several-initrds")));
        Assert.Equal(expected, File.ReadAllBytes(answer["ramdisk"]));
    }

    [Fact]
    public void Without_an_initrd_no_ramdisk_is_named_and_none_is_left()
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = PygrubRbd.Answer(
            PygrubRbd.Run("--entry=None", "--output-format=simple0", $"--output-directory={scratch.Path}", PygrubRbd.Disk("several-initrds")));
        Assert.DoesNotContain("ramdisk", answer.Keys);
        Assert.Equal([answer["kernel"]], Directory.GetFiles(scratch.Path));
    }

    [Fact]
    public void The_guests_second_disk_holds_what_the_first_ones_menu_boots()
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = PygrubRbd.Answer(PygrubRbd.Run(
            "-q", "--output-format=simple0", $"--output-directory={scratch.Path}",
            PygrubRbd.Disk("two-disks-first"), PygrubRbd.Disk("two-disks-second")));
        Assert.Equal(PygrubRbd.Payload("vmlinuz-6.1"), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(2, PygrubRbd.Run("-q", "-n", PygrubRbd.Disk("two-disks-first")).ExitCode);
        Assert.Equal(0, PygrubRbd.Run("-q", "-n", $"--disk={PygrubRbd.Disk("two-disks-second")}", PygrubRbd.Disk("two-disks-first")).ExitCode);
    }

    [Theory]
    [InlineData("no-config", "/boot/ucode", "ucode")]
    [InlineData("no-config", "boot/ucode", "ucode")]
    [InlineData("separate-boot", "/initrd-6.1", "initrd-6.1")]
    [InlineData("separate-boot", "(hd0,msdos1)/ucode", "ucode")]
    [InlineData("gpt", "(hd0,gpt2)/boot/ucode", "ucode")]
    public void Any_file_can_be_had_without_a_configuration(string disk, string path, string payload)
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = PygrubRbd.Answer(PygrubRbd.Run(
            $"--kernel={path}", "--args=x y", "--output-format=simple0", $"--output-directory={scratch.Path}", PygrubRbd.Disk(disk)));
        Assert.Equal(PygrubRbd.Payload(payload), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal("x y", answer["args"]);
        Assert.DoesNotContain("ramdisk", answer.Keys);
    }

    [Fact]
    public void A_filesystem_behind_an_offset_needs_no_partition_table() => Assert.Equal(
        PygrubRbd.Run("-q", "-n", PygrubRbd.Disk("msdos")).Text, PygrubRbd.Run("-q", "-n", "--offset=1048576", PygrubRbd.Disk("msdos")).Text);

    [Fact]
    public void A_fallback_boots_where_the_default_cannot_and_is_told()
    {
        ToolResult result = PygrubRbd.Run("-q", "-n", "--output-format=simple", PygrubRbd.Disk("fallback"));
        Assert.Contains("vmlinuz-7", result.Error); // what is missing
        Assert.StartsWith("pygrub-rbd: ", result.Error);
        Assert.NotEqual("", result.Text);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void An_entry_that_was_asked_for_is_never_replaced_by_another() =>
        Assert.Equal((2, ""), PygrubRbd.Run("--entry=0", "-n", PygrubRbd.Disk("fallback")) is var result ? (result.ExitCode, result.Text) : default);

    [Fact]
    public void Not_really_names_the_guests_files_and_copies_nothing() => Assert.Equal(
        "kernel <kernel:/boot/vmlinuz-6.1>\nramdisk <ramdisk:/boot/ucode /boot/initrd-5.10 /boot/initrd-6.1>\nargs root=/dev/xvda1\n\n",
        PygrubRbd.Run("-q", "-n", "--output-format=simple", PygrubRbd.Disk("several-initrds")).Text);

    [Fact]
    public void The_list_as_json_has_paths_for_submenus_entries()
    {
        using JsonDocument json = JsonDocument.Parse(PygrubRbd.Run("-l", "--json", PygrubRbd.Disk("saved-entry")).Output);
        Assert.Equal("1>1", json.RootElement.GetProperty("default").GetString());
        Assert.Equal(["0", "1>0", "1>1", "2"], json.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("index").GetString()));
        JsonElement chosen = json.RootElement.GetProperty("entries")[2];
        Assert.Equal("gnulinux-5.10-advanced", chosen.GetProperty("id").GetString());
        Assert.Equal("hd0,msdos1", chosen.GetProperty("device").GetString());
        Assert.Equal("/boot/initrd-5.10", chosen.GetProperty("initrd")[0].GetString());
    }

    [Fact]
    public void The_answer_as_json_names_the_entry()
    {
        using ScratchFolder scratch = new();
        using JsonDocument json = JsonDocument.Parse(
            PygrubRbd.Run("-q", "--json", $"--output-directory={scratch.Path}", PygrubRbd.Disk("saved-entry")).Output);
        Assert.Equal(PygrubRbd.Payload("vmlinuz-5.10"), File.ReadAllBytes(json.RootElement.GetProperty("kernel").GetString()!));
        Assert.Equal("1>1", json.RootElement.GetProperty("entry").GetProperty("index").GetString());
        Assert.Equal(Uuid + " ro single", json.RootElement.GetProperty("args").GetString());
    }

    [Fact]
    public void An_entry_that_boots_no_Linux_is_listed_with_what_it_is()
    {
        using JsonDocument json = JsonDocument.Parse(PygrubRbd.Run("-l", "--json", PygrubRbd.Disk("chainloader")).Output);
        JsonElement windows = json.RootElement.GetProperty("entries")[0];
        Assert.Equal(JsonValueKind.Null, windows.GetProperty("kernel").ValueKind);
        Assert.Contains("chainloader", windows.GetProperty("what").GetString());
    }

    [Theory]
    [InlineData("partition table gpt")]
    [InlineData("(hd0,gpt1): 4194304 bytes from byte 1048576, type c12a7328-f81f-11d2-ba4b-00c93ec93b53, FAT12, uuid ")]
    [InlineData("(hd0,gpt2)/boot/grub/grub.cfg: taken")]
    [InlineData("boots: 0 \"Debian GNU/Linux\" (id gnulinux-simple), written at (hd0,gpt2)/boot/grub/grub.cfg:")]
    [InlineData("kernel: (hd0,gpt2)/boot/vmlinuz-6.1, 300001 bytes")]
    [InlineData("args: " + Uuid + " ro quiet")]
    public void Explain_says(string text) => Assert.Contains(text, PygrubRbd.Run("--explain", PygrubRbd.Disk("gpt")).Text);

    [Theory]
    [InlineData("grub.cfg", "menuentry 'a' { linux /k x\ninitrd /i /j\n}\nmenuentry 'b' { linux /l y\n}\n", "", "  kernel: /k\n  initrd: /i /j\n  args: x\n")]
    [InlineData("some.file", "menuentry 'a' { linux /k x\n}\nmenuentry 'b' { linux /l y\n}\n", "--entry=b", "  kernel: /l\n  args: y\n")]
    [InlineData("menu.lst", "title a\nroot (hd0,0)\nkernel /k x\ninitrd /i\n", "--args=z", "  kernel: /k\n  initrd: /i\n  args: x z\n")]
    [InlineData("some.file", "timeout 3\ntitle a\nroot (hd0,0)\nkernel /k x\n", "", "  kernel: /k\n  args: x\n")]
    public void A_configuration_alone_says_what_it_would_boot(string name, string config, string option, string expected)
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch[name], config);
        string[] options = option.Length > 0 ? [option] : [];
        ToolResult result = PygrubRbd.Run(["--isconfig", .. options, scratch[name]]);
        Assert.Equal((expected, ""), (result.Text, result.Error));
    }
}
