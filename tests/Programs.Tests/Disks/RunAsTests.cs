using BlockRbd.BootExtract;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>--runas: the same answers, read without rights.</summary>
public sealed class RunAsTests
{
    [Theory]
    [InlineData("-q", "--output-format=simple0")]
    [InlineData("--entry=1>1", "--output-format=simple0")]
    public void Hands_over_the_same(params string[] options)
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = PygrubRbd.Answer(PygrubRbd.Run([.. options, "--runas=65534", $"--output-directory={scratch.Path}", PygrubRbd.Disk("msdos")]));
        Dictionary<string, string> plain = PygrubRbd.Answer(PygrubRbd.Run([.. options, $"--output-directory={scratch.Path}", PygrubRbd.Disk("msdos")]));
        Assert.Equal(plain["args"], answer["args"]);
        Assert.Equal(File.ReadAllBytes(plain["kernel"]), File.ReadAllBytes(answer["kernel"]));
        Assert.Equal(File.ReadAllBytes(plain["ramdisk"]), File.ReadAllBytes(answer["ramdisk"]));
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("--explain")]
    [InlineData("-q -n")]
    [InlineData("-q -n --json")]
    [InlineData("-q -n --kernel=/boot/ucode")]
    public void Prints_the_same(string options)
    {
        NeedsRoot();
        string[] words = options.Split(' ');
        Assert.Equal(PygrubRbd.Run([.. words, PygrubRbd.Disk("gpt")]).Text, PygrubRbd.Run([.. words, "--runas=nobody", PygrubRbd.Disk("gpt")]).Text);
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("--output-directory=")]
    public void Not_a_byte_of_the_guest_is_read_before_the_rights_are_gone(string option)
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        string disk = PygrubRbd.Disk("msdos");
        string trace = scratch["trace"];
        ToolResult result = Tool.Check(
            Tool.Path("strace"), "-f", "-y", "-o", trace, "-e", "trace=setresuid,setgroups,pread64,read,readv,preadv,mmap", PygrubRbd.Path,
            "-q", option.EndsWith('=') ? option + scratch.Path : option, "--runas=65534", disk);
        List<string> lines = [.. File.ReadLines(trace)];
        List<int> reads = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].Contains($"<{disk}>", StringComparison.Ordinal))];
        Assert.NotEmpty(reads);
        Assert.All(reads, read => Assert.Contains(lines.Take(read), line => IsDrop(line) && Thread(line) == Thread(lines[read])));
        Assert.NotEqual("", result.Text);
    }

    [Fact]
    public void The_files_and_the_directory_stay_the_callers()
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        PygrubRbd.Answer(PygrubRbd.Run("-q", "--runas=65534", "--output-format=simple0", $"--output-directory={scratch["out"]}", PygrubRbd.Disk("msdos")));
        Assert.Equal("0 0\n0 0\n0 0\n", Tool.Check("bash", "-c", $"stat -c '%u %g' {scratch["out"]} {scratch["out"]}/*").Text);
    }

    [Theory]
    [InlineData("no-config", ExitCode.NotFound)]
    [InlineData("missing-kernel", ExitCode.NotFound)]
    [InlineData("truncated", ExitCode.Corrupt)]
    public void An_error_is_told_once_with_its_code_and_nothing_is_left(string disk, ExitCode code)
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Run("-q", "--runas=65534", $"--output-directory={scratch["out"]}", PygrubRbd.Disk(disk));
        Assert.Equal((code, ""), ((ExitCode)result.ExitCode, result.Text));
        Assert.StartsWith("RuntimeError: ", Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(Directory.Exists(scratch["out"]));
    }

    [Fact]
    public void Only_root_can_become_somebody_else()
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        string disk = scratch["disk"];
        File.Copy(PygrubRbd.Disk("msdos"), disk);
        Tool.Check("chmod", "-R", "a+rX", scratch.Path);
        string program = scratch["pygrub-rbd"];
        Tool.Check("cp", "-r", Path.GetDirectoryName(PygrubRbd.Path)! + "/.", scratch.Path);
        Tool.Check("chmod", "a+rx", scratch.Path, program);
        ToolResult result = Tool.Run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "-l", "--runas=1", disk);
        Assert.Equal(ExitCode.Privileges, (ExitCode)result.ExitCode);
        Assert.Contains("--runas 1: Operation not permitted", result.Error);
    }

    [Fact]
    public void A_disk_that_only_root_may_open_is_opened_before()
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        File.Copy(PygrubRbd.Disk("msdos"), scratch["disk"]);
        File.SetUnixFileMode(scratch["disk"], UnixFileMode.UserRead);
        Assert.Equal(0, PygrubRbd.Run("-l", "--runas=65534", scratch["disk"]).ExitCode);
        Assert.Equal(0, PygrubRbd.Run("-q", "-n", "--runas=65534", scratch["disk"]).ExitCode);
    }

    [Fact]
    public void A_block_device_can_be_read_too()
    {
        NeedsRoot();
        using ScratchFolder scratch = new();
        using LoopDevice device = new(PygrubRbd.Disk("msdos"));
        Dictionary<string, string> answer = PygrubRbd.Answer(PygrubRbd.Run(
            "-q", "--runas=65534", "--output-format=simple0", $"--output-directory={scratch.Path}", device.Path));
        Assert.Equal(PygrubRbd.Payload("initrd-6.1"), File.ReadAllBytes(answer["ramdisk"]));
    }

    private static string Thread(string traceLine) => traceLine.Split(' ')[0];

    private static bool IsDrop(string line) => line.Contains("setresuid", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal);

    private static void NeedsRoot() => Assert.SkipUnless(Environment.UserName == "root", "--runas needs root");
}
