using System.Buffers.Binary;
using BlockRbd.BootExtract;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>Whatever goes wrong: one line, the documented code, nothing left.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("zeros", "", ExitCode.NotFound, "no filesystem that can be read: (hd0): ")]
    [InlineData("short", "", ExitCode.NotFound, "no filesystem that can be read")]
    [InlineData("truncated", "", ExitCode.Corrupt, "the device ends at byte 2097152")]
    [InlineData("no-config", "", ExitCode.NotFound, "no boot configuration: (hd0): ")]
    [InlineData("missing-kernel", "", ExitCode.NotFound, "vmlinuz-7")]
    [InlineData("chainloader", "", ExitCode.Unsupported, "entry 0 \"Windows\" boots no Linux but chainloader +1: choose another with --entry")]
    [InlineData("empty-kernel", "", ExitCode.NotFound, "kernel (hd0,msdos1)/boot/empty is empty")]
    [InlineData("msdos", "--entry=nothing", ExitCode.NotFound, "no entry \"nothing\" among 4")]
    [InlineData("msdos", "--entry=4", ExitCode.NotFound, "no entry \"4\" among 4")]
    [InlineData("msdos", "--entry=-1", ExitCode.NotFound, "no entry \"-1\"")]
    [InlineData("msdos", "--kernel=/nothing", ExitCode.NotFound, "--kernel: no file /nothing on (hd0)")]
    [InlineData("msdos", "--kernel=/boot", ExitCode.NotFound, "--kernel: no file /boot on (hd0)")]
    [InlineData("msdos", "--kernel=(hd3)/x", ExitCode.NotFound, "--kernel: no volume (hd3): there are (hd0)")]
    [InlineData("msdos", "--ramdisk=/nothing", ExitCode.NotFound, "--ramdisk: no file /nothing")]
    [InlineData("msdos", "--offset=4096", ExitCode.NotFound, "no filesystem that can be read")]
    [InlineData("msdos", "--offset=99999999999", ExitCode.Corrupt, "the device ends at byte")]
    [InlineData("delimiters", "--output-format=simple", ExitCode.Unsupported, "cannot represent delimiter-containing value: the kernel's command line holds a line feed")]
    [InlineData("msdos", "--runas=no-such-user", ExitCode.Usage, "--runas no-such-user: neither a user id nor a name")]
    public void Says_what_is_wrong_in_one_line(string disk, string option, ExitCode code, string text)
    {
        using ScratchFolder scratch = new();
        string[] options = option.Length > 0 ? [option] : [];
        string directory = scratch["made/deeper"];
        ToolResult result = PygrubRbd.Run(["-q", .. options, $"--output-directory={directory}", PygrubRbd.Disk(disk)]);
        Assert.Equal((code, ""), ((ExitCode)result.ExitCode, result.Text));
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("RuntimeError: ", line);
        Assert.Contains(text, line);
        Assert.False(Directory.Exists(scratch["made"]));
    }

    [Theory]
    [InlineData("/nonexistent/disk", "No such file or directory")]
    [InlineData("/", "neither a regular file nor a block device")]
    [InlineData("/dev/null", "neither a regular file nor a block device")]
    public void A_disk_that_is_none_is_named(string path, string problem)
    {
        ToolResult result = PygrubRbd.Run("-l", path);
        Assert.Equal(ExitCode.InputError, (ExitCode)result.ExitCode);
        Assert.StartsWith($"RuntimeError: {path}: ", result.Error);
        Assert.Contains(problem, result.Error);
    }

    [Fact]
    public void An_MBR_that_counts_in_other_sectors_is_read_and_said()
    {
        using ScratchFolder scratch = new();
        byte[] disk = File.ReadAllBytes(PygrubRbd.Disk("msdos"));
        for (int field = 446 + 8; field <= 446 + 12; field += 4) // first entry: start and length, as a disk of 4096-byte sectors has them
        {
            BinaryPrimitives.WriteInt32LittleEndian(disk.AsSpan(field), BinaryPrimitives.ReadInt32LittleEndian(disk.AsSpan(field)) / 8);
        }

        File.WriteAllBytes(scratch["disk"], disk);
        ToolResult result = PygrubRbd.Run("-q", "-n", scratch["disk"]);
        Assert.Equal(PygrubRbd.Run("-q", "-n", PygrubRbd.Disk("msdos")).Text, result.Text);
        Assert.Contains("warning: (hd0): MBR: counts in sectors of 4096 bytes, unlike this disk's 512", result.Error);
    }

    [Fact]
    public void Every_cut_of_a_disk_ends_in_a_line_and_a_code()
    {
        using ScratchFolder scratch = new();
        byte[] disk = File.ReadAllBytes(PygrubRbd.Disk("msdos"));
        foreach (int length in (int[])[0, 1, 511, 512, 513, 1 << 20, (1 << 20) + 1024, (1 << 20) + 2048, 2 << 20, 5 << 20, 9 << 20, 15 << 20, (25 << 20) - 1])
        {
            File.WriteAllBytes(scratch["cut"], disk[..length]);
            ToolResult result = PygrubRbd.Run("-q", "-l", scratch["cut"]);
            Assert.NotEqual(0, result.ExitCode);
            Assert.NotEqual((int)ExitCode.Internal, result.ExitCode);
            Assert.StartsWith("RuntimeError: ", result.Error);
        }
    }

    [Fact]
    public void A_stack_trace_is_for_debugging_only()
    {
        Assert.DoesNotContain("   at ", PygrubRbd.Run("-q", PygrubRbd.Disk("no-config")).Error);
        ToolResult debug = PygrubRbd.Run("-q", "--debug", PygrubRbd.Disk("no-config"));
        Assert.Contains("   at ", debug.Error);
        Assert.StartsWith("RuntimeError: ", debug.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    [Theory]
    [InlineData("PYGRUB_MAX_FILE_SIZE_MB", "0", ExitCode.Usage)]
    [InlineData("PYGRUB_MAX_MEMORY_MB", "lots", ExitCode.Usage)]
    [InlineData("PYGRUB_MAX_TIME_S", "-1", ExitCode.Usage)]
    [InlineData("PYGRUB_MAX_FILE_SIZE_MB", "1", ExitCode.OverLimit)] // the initrd has 1.5 MB
    [InlineData("PYGRUB_RBD_READER", "3,4", ExitCode.Usage)]
    public void A_limit_is_named_with_the_variable_that_sets_it(string variable, string value, ExitCode code)
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Run(
            new Dictionary<string, string> { [variable] = value }, "-q", $"--output-directory={scratch.Path}", PygrubRbd.Disk("msdos"));
        Assert.Equal(code, (ExitCode)result.ExitCode);
        Assert.Contains(variable, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Fact]
    public void The_limit_for_files_holds_for_all_initrds_together()
    {
        using ScratchFolder scratch = new();
        string[] arguments = ["-q", $"--output-directory={scratch.Path}", PygrubRbd.Disk("several-initrds")]; // 2.4 MB in three
        Assert.Equal((int)ExitCode.OverLimit, PygrubRbd.Run(new Dictionary<string, string> { ["PYGRUB_MAX_FILE_SIZE_MB"] = "2" }, arguments).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
        Assert.Equal(0, PygrubRbd.Run(new Dictionary<string, string> { ["PYGRUB_MAX_FILE_SIZE_MB"] = "3" }, arguments).ExitCode);
    }
}
