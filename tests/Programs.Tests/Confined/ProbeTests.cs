using System.Globalization;
using BlockRbd.BootExtract;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Confined;

/// <summary>Whatever the process that reads the guest tries, were it the guest's: `tests/ConfinementProbe` in place of the reading.</summary>
public sealed class ProbeTests : IDisposable
{
    private static readonly string Program = Repo.Below("artifacts", "probe", "pygrub-rbd");

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_probe_itself_runs() => Assert.Equal("done", Attempt("nothing").Said);

    [Theory]
    [InlineData("read-shadow")]
    [InlineData("read-own-memory")]
    [InlineData("list-root")]
    [InlineData("write-tmp")]
    [InlineData("write-program")]
    [InlineData("make-directory")]
    [InlineData("remove-output")]
    [InlineData("become-root")]
    [InlineData("raise-limits")]
    [InlineData("memory-to-run")]
    [InlineData("rename")]
    [InlineData("exhaust-memory")]
    [InlineData("fill-output")]
    public void Is_refused(string attempt) => Assert.StartsWith("refused: ", Attempt(attempt).Said, StringComparison.Ordinal);

    [Theory]
    [InlineData("connect")]
    [InlineData("unix-socket")]
    [InlineData("netlink")]
    [InlineData("socketpair")]
    [InlineData("fork")]
    [InlineData("exec")]
    [InlineData("ptrace-parent")]
    [InlineData("signal-parent")]
    [InlineData("signal-everybody")]
    [InlineData("mount")]
    [InlineData("bpf")]
    [InlineData("unshare")]
    [InlineData("setns")]
    [InlineData("io-uring")]
    public void Ends_the_process_at_once(string attempt)
    {
        (int exitCode, string said) = Attempt(attempt);
        Assert.Equal(ExitCode.Internal, (ExitCode)exitCode);
        Assert.Contains("was ended by signal 31", said, StringComparison.Ordinal); // SIGSYS
        Assert.False(Directory.Exists(_scratch["out"])); // and what was made for it is taken back
    }

    [Fact]
    public void Sees_its_own_descriptors_and_no_others()
    {
        // Standard input and both outputs, the pipe, kernel, ramdisk and one disk: seven.
        string[] numbers = Attempt("other-descriptors").Said.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(["0", "1", "2"], numbers[..3]);
        Assert.Equal(7, numbers.Length);
    }

    [Fact]
    public void What_the_caller_had_open_is_closed()
    {
        ToolResult result = Tool.Run("bash", "-c", $"exec 9</etc/passwd; exec \"$0\" -q --entry=other-descriptors --output-directory={_scratch["out"]} {PygrubRbd.Disk("msdos")}", Program);
        Assert.Equal(7, result.Error.Split('\n')[0].Split(' ')[1..].Length);
    }

    [Fact]
    public void An_answer_that_is_none_is_refused()
    {
        (int exitCode, string said) = Attempt("lie");
        Assert.Equal(ExitCode.Internal, (ExitCode)exitCode);
        Assert.Contains("gave no proper answer", said, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_never_ends_is_ended()
    {
        (int exitCode, string said) = Attempt("never-end", seconds: 2);
        Assert.Contains((ExitCode)exitCode, (ExitCode[])[ExitCode.OverLimit, ExitCode.Internal]); // the deadline, or the limit of processor time
        Assert.NotEqual("", said);
        Assert.False(Directory.Exists(_scratch["out"]));
    }

    private (int ExitCode, string Said) Attempt(string name, int seconds = 60)
    {
        Assert.SkipUnless(Environment.UserName == "root", "confinement in full needs root");
        ToolResult result = Tool.Run(
            "env", ["PYGRUB_MAX_TIME_S=" + seconds.ToString(CultureInfo.InvariantCulture), Program, "-q", "--require-confinement",
                $"--entry={name}", $"--output-directory={_scratch["out"]}", PygrubRbd.Disk("msdos")], TimeSpan.FromMinutes(2));
        string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (result.ExitCode, lines.Length > 0 ? lines[0] : "");
    }
}
