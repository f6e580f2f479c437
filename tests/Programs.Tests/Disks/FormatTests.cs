using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Guests that boot by something else than GRUB, from their disks.</summary>
public sealed class FormatTests
{
    private const string Image = "/EFI/Linux/test.efi";

    [Fact]
    public void An_extlinux_guest_is_handed_over()
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = HandOver(scratch, Disk("extlinux"));
        Assert.Equal(Payload("vmlinuz"), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(Joined(Payload("ucode"), Payload("initrd")), File.ReadAllBytes(answer["ramdisk"]));
        Assert.Equal("root=UUID=11111111-2222-3333-4444-555555555555 modules=ext4 quiet", answer["args"]);
    }

    [Fact]
    public void A_unified_kernel_image_is_handed_over_in_parts()
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = HandOver(scratch, Disk("systemd-boot"));
        Assert.Equal(Payload("vmlinuz"), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(Joined(Payload("ucode"), Payload("initrd")), File.ReadAllBytes(answer["ramdisk"]));
        Assert.Equal("root=/dev/xvda3 ro unified", answer["args"]);
    }

    [Fact]
    public void An_entry_of_the_extended_boot_loader_partition_is_handed_over()
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = HandOver(scratch, "--entry=other.conf", Disk("systemd-boot"));
        Assert.Equal(Payload("vmlinuz"), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(Joined(Payload("ucode"), Payload("initrd")), File.ReadAllBytes(answer["ramdisk"]));
        Assert.Equal("root=/dev/xvda3 ro entry", answer["args"]);
    }

    [Fact]
    public void Parts_of_a_file_are_named_by_their_section() => Assert.Equal(
        $"kernel <kernel:{Image}[.linux]>\nramdisk <ramdisk:{Image}[.ucode] {Image}[.initrd]>\nargs root=/dev/xvda3 ro unified\n\n",
        PygrubRbd.Run("-q", "-n", "--output-format=simple", Disk("systemd-boot")).Text);

    [Theory]
    [InlineData("-l", "--json")]
    [InlineData("-n", "--json")]
    public void Json_says_where_in_the_file_a_part_is(params string[] options)
    {
        using JsonDocument json = JsonDocument.Parse(PygrubRbd.Run([.. options, Disk("systemd-boot")]).Output);
        JsonElement entry = options[0] == "-l"
            ? json.RootElement.GetProperty("entries").EnumerateArray().Single(entry => entry.GetProperty("id").GetString() == "test.efi")
            : json.RootElement.GetProperty("entry");
        JsonElement slice = entry.GetProperty("kernel_slice");
        Assert.Equal((".linux", Payload("vmlinuz").Length), (slice.GetProperty("section").GetString(), slice.GetProperty("length").GetInt32()));
        Assert.Equal([".ucode", ".initrd"], entry.GetProperty("initrd_slices").EnumerateArray().Select(initrd => initrd.GetProperty("section").GetString()));

        // The offset is right where the image, taken out whole, has the kernel there.
        using ScratchFolder scratch = new();
        byte[] image = File.ReadAllBytes(HandOver(scratch, $"--kernel=(hd0,gpt1){Image}", Disk("systemd-boot"))["kernel"]);
        Assert.Equal(Payload("vmlinuz"), image.AsSpan(slice.GetProperty("offset").GetInt32(), slice.GetProperty("length").GetInt32()).ToArray());
    }

    [Theory]
    [InlineData("systemd-boot", "(hd0,gpt1)/loader/loader.conf: taken: systemd-boot, 2 entries")]
    [InlineData("systemd-boot", "default in (hd0,gpt1)/loader/loader.conf is \"test*.efi\"")]
    [InlineData("systemd-boot", "kernel: (hd0,gpt1)/EFI/Linux/test.efi[.linux], 300007 bytes from byte ")]
    [InlineData("extlinux", "(hd0)/boot/extlinux.conf: taken: EXTLINUX, 1 entry")]
    [InlineData("extlinux", "boots: 0 \"Linux virt\" (id virt), written at (hd0)/boot/extlinux.conf:9")]
    public void Explain_says(string disk, string text) => Assert.Contains(text, PygrubRbd.Run("--explain", Disk(disk)).Text);

    [Theory]
    [InlineData("--config=/loader/entries", "root=/dev/xvda3 ro unified")] // one menu of both partitions
    [InlineData("--config=(hd0,gpt1)" + Image, "root=/dev/xvda3 ro unified")]
    public void Config_names_what_is_read(string option, string arguments) =>
        Assert.Contains($"args {arguments}\n", PygrubRbd.Run(option, "-q", "-n", "--output-format=simple", Disk("systemd-boot")).Text);

    [Theory]
    [InlineData("--config=/gone", 2, "--config: no file or directory /gone on ")]
    [InlineData("--config=(hd7)/x", 2, "--config: no volume (hd7)")]
    [InlineData("--config=/loader/entries/other.conf", 4, "is one entry: name its directory, and the entry itself with --entry")]
    public void Config_that_cannot_be_used_says_why(string option, int code, string message)
    {
        ToolResult result = PygrubRbd.Run(option, "-q", "-n", Disk("systemd-boot"));
        Assert.Equal((code, ""), (result.ExitCode, result.Text));
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public void Config_goes_before_what_is_found()
    {
        ToolResult result = PygrubRbd.Run("--config=/boot/grub/grub.cfg", "--explain", PygrubRbd.Disk("gpt"));
        Assert.Contains("(hd0,gpt2)/boot/grub/grub.cfg: taken, because it was named: GRUB 2, 3 entries", result.Text);
    }

    [Theory]
    [InlineData("extlinux.conf", "label a\nkernel k\nappend x initrd=i,/j\n", "  kernel: /boot/extlinux/k\n  initrd: /boot/extlinux/i /j\n  args: x\n")]
    [InlineData("isolinux.cfg", "default b\nlabel a\nkernel /k\nlabel b\nlinux /l\n", "  kernel: /l\n  args: \n")]
    [InlineData("some.file", "LABEL a\nKERNEL /k\nAPPEND x\n", "  kernel: /k\n  args: x\n")]
    [InlineData("lilo.conf", "image=/k\nlabel=a\nappend=\"x y\"\nroot=/dev/a\nread-only\n", "  kernel: /k\n  args: x y root=/dev/a ro\n")]
    [InlineData("a.conf", "title A\nlinux /EFI/a/k\noptions x\noptions y\n", "  kernel: /EFI/a/k\n  args: x y\n")]
    public void A_configuration_alone_says_what_it_would_boot(string name, string config, string expected)
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch[name], config);
        ToolResult result = PygrubRbd.Run("--isconfig", scratch[name]);
        Assert.Equal((expected, ""), (result.Text, result.Error));
    }

    [Fact]
    public void An_image_alone_says_what_it_would_boot()
    {
        using ScratchFolder scratch = new();
        string image = HandOver(scratch, $"--kernel=(hd0,gpt1){Image}", Disk("systemd-boot"))["kernel"];
        ToolResult result = PygrubRbd.Run("--isconfig", image);
        Assert.Equal("  kernel: /EFI/Linux/image.efi[.linux]\n  initrd: /EFI/Linux/image.efi[.ucode] /EFI/Linux/image.efi[.initrd]\n  args: root=/dev/xvda3 ro unified\n", result.Text);
    }

    private static Dictionary<string, string> HandOver(ScratchFolder scratch, params string[] arguments) =>
        PygrubRbd.Answer(PygrubRbd.Run(["-q", "--output-format=simple0", $"--output-directory={scratch.Path}", .. arguments]));

    private static string Disk(string name) => TestImages.Image("formats", name);

    private static byte[] Payload(string name) => File.ReadAllBytes(Path.Combine(TestImages.Folder("formats"), "payload", name));

    /// <summary>Several ramdisks become one, each padded to four bytes.</summary>
    private static byte[] Joined(params byte[][] files) => [.. files.SelectMany(file => file.Concat(new byte[-file.Length & 3]))];
}
