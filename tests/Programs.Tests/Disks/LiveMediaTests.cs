using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Live media as a guest's disk, and as a file on one.</summary>
public sealed class LiveMediaTests
{
    [Theory]
    [InlineData("hybrid-msdos", "/live/vmlinuz", "boot=live")] // isolinux.cfg
    [InlineData("hybrid-offset", "/live/vmlinuz", "boot=live")]
    [InlineData("hybrid-gpt", "/live/vmlinuz", "boot=live")] // grub.cfg, with search --label
    [InlineData("loop-guest", "", "boot=live findiso=/live.iso")] // grub.cfg on the disk, the kernel in a file on it
    public void The_kernel_that_its_own_loader_boots_is_handed_over(string image, string kernel, string arguments)
    {
        using ScratchFolder scratch = new();
        string disk = TestImages.Image("iso", image);
        string medium = kernel.Length > 0 ? disk : TestImages.Image("iso", "hybrid-gpt");
        byte[] payload(string path) => Tool.Check(Tool.Path("grub-fstest"), medium, "cat", $"(loop0){path}").Output;
        Dictionary<string, string> answer = PygrubRbd.Answer(PygrubRbd.Run("-q", "--output-format=simple0", $"--output-directory={scratch.Path}", disk));
        Assert.Equal(payload("/live/vmlinuz"), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(payload("/live/initrd.img"), File.ReadAllBytes(answer["ramdisk"]));
        Assert.Contains(arguments, answer["args"], StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_shows_the_device_that_the_kernel_is_on()
    {
        ToolResult result = PygrubRbd.Run("--explain", TestImages.Image("iso", "loop-guest"));
        Assert.Contains("kernel: (loop)/live/vmlinuz, 300000 bytes", result.Text, StringComparison.Ordinal);
        Assert.Contains("(loop): file (hd0,gpt1)/live.iso, ", result.Text, StringComparison.Ordinal);
        Assert.Contains("ISO 9660, label \"LIVE\"", result.Text, StringComparison.Ordinal);
    }
}
