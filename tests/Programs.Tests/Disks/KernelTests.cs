using System.Text.Json;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Real kernels on a disk: what is said of them, when they are unpacked, and which can't be started.</summary>
public sealed class KernelTests : IClassFixture<KernelTests.Disk>
{
    private readonly Disk _disk;

    public KernelTests(Disk disk) => _disk = disk;

    [Fact]
    public void Explain_says_what_the_kernel_is()
    {
        string text = PygrubRbd.Run("--explain", _disk.Path).Text;

        Assert.Contains("the kernel is a bzImage, boot protocol 2.15, 64 bits, packed with zstd", text);
        Assert.Matches(@"Xen notes: PV entry 0x[0-9a-f]+, PVH entry 0x[0-9a-f]+, linux", text);
        Assert.Contains("unpacked: --unpack=always", PygrubRbd.Run("--explain", "--unpack=always", _disk.Path).Text);
    }

    [Fact]
    public void The_list_as_json_has_every_kernel()
    {
        using JsonDocument json = JsonDocument.Parse(PygrubRbd.Run("-l", "--json", _disk.Path).Output);
        JsonElement[] kernels = [.. json.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("kernel_image"))];

        Assert.Equal(["zstd", "lz4"], kernels[..2].Select(kernel => kernel.GetProperty("packing").GetString()));
        Assert.All(kernels[..2], kernel => Assert.StartsWith("0xffffffff8", kernel.GetProperty("xen").GetProperty("pv_entry").GetString(), StringComparison.Ordinal));
        Assert.Equal("is neither a bzImage nor an ELF file", kernels[2].GetProperty("problem").GetString());
        Assert.Equal("none", kernels[3].GetProperty("packing").GetString());
    }

    [Theory]
    [InlineData("--unpack=always", "4.17", true)]
    [InlineData("--unpack=auto", "4.14", true)]
    [InlineData("--unpack=auto", "4.15", false)]
    [InlineData("--unpack=never", "4.14", false)]
    public void It_is_unpacked_when_asked_for_or_when_Xen_is_too_old(string option, string xen, bool unpacks)
    {
        foreach (string[] confined in (string[][])[[], ["--runas=65534"]])
        {
            if (confined.Length > 0 && !Environment.IsPrivilegedProcess)
            {
                continue;
            }

            using ScratchFolder scratch = new();
            ToolResult result = PygrubRbd.Run(
                new Dictionary<string, string> { ["PYGRUB_RBD_LIBXENGUEST"] = xen },
                ["-q", option, "--output-format=simple0", $"--output-directory={scratch.Path}", .. confined, _disk.Path]);
            byte[] kernel = File.ReadAllBytes(PygrubRbd.Answer(result)["kernel"]);
            Assert.Equal(unpacks, kernel.AsSpan().StartsWith("\u007FELF"u8));
            Assert.Equal(unpacks, result.Error.Contains("is unpacked", StringComparison.Ordinal));
            Assert.True(unpacks || kernel.AsSpan().SequenceEqual(Disk.Kernel("sid-cloud")));
        }
    }

    [Theory]
    [InlineData("0", "pv", 0, "")]
    [InlineData("0", "pvh", 0, "")]
    [InlineData("2", "pv", 9, "is neither a bzImage nor an ELF file: it can't be started as a PV guest")]
    [InlineData("3", "pvh", 9, "has no PVH entry point, nor any Xen note: it needs a kernel built with CONFIG_XEN_PVH")]
    public void A_kernel_that_cant_be_started_so_is_an_error(string entry, string type, int code, string sentence)
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Run($"--entry={entry}", $"--type={type}", $"--output-directory={scratch.Path}", _disk.Path);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Equal(code == 0 ? 1 : 0, Directory.GetFiles(scratch.Path).Length);
    }

    [Fact]
    public void What_can_not_be_unpacked_leaves_nothing_behind()
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Run("--entry=2", "--unpack=always", $"--output-directory={scratch.Path}", _disk.Path);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("is neither a bzImage nor an ELF file", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Path));
    }

    /// <summary>An ext4 filesystem with two of Debian's kernels, text, and a program that is no kernel.</summary>
    public sealed class Disk : IDisposable
    {
        private static readonly Lazy<string> Kernels = new(() =>
        {
            Tool.Check(Repo.Below("fixtures", "kernels", "get-kernels"));
            return Environment.GetEnvironmentVariable("KERNELS_DIR") ?? Repo.Below("artifacts", "kernels");
        });

        private readonly ScratchFolder _scratch = new();

        public Disk()
        {
            string[] names = ["zstd", "lz4", "text", "program"];
            Directory.CreateDirectory(_scratch["tree/boot/grub"]);
            File.WriteAllBytes(_scratch["tree/boot/zstd"], Kernel("sid-cloud"));
            File.WriteAllBytes(_scratch["tree/boot/lz4"], Kernel("bookworm-cloud"));
            File.WriteAllText(_scratch["tree/boot/text"], "no kernel");
            File.Copy("/bin/true", _scratch["tree/boot/program"]);
            File.WriteAllText(_scratch["tree/boot/grub/grub.cfg"], string.Concat(names.Select(name => $"menuentry {name} {{ linux /boot/{name}\n}}\n")));
            Tool.Check("/usr/bin/env", "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "mke2fs", "-q", "-t", "ext4", "-d", _scratch["tree"], Path, "64M");
        }

        public string Path => _scratch["disk.img"];

        public static byte[] Kernel(string name) => File.ReadAllBytes(System.IO.Path.Combine(Kernels.Value, name));

        public void Dispose() => _scratch.Dispose();
    }
}
