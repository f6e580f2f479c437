using System.Diagnostics;
using BlockRbd.BootExtract;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Disks;

/// <summary>What stands in the output directory, and that nothing is left there when there is no answer.</summary>
public sealed class OutputSafetyTests
{
    private static readonly string[] Signals = ["TERM", "INT", "HUP", "QUIT"];

    public static TheoryData<string, string> SignalsAndUsers =>
        new(Signals.SelectMany(signal => (string[])["", "--runas=65534"], (signal, user) => (signal, user)));

    [Fact]
    public void The_answer_goes_through_a_FIFO()
    {
        using ScratchFolder scratch = new();
        Tool.Check("mkfifo", scratch["fifo"]);
        ToolResult result = PygrubRbd.Shell(
            "cat $1/fifo & $P -q --output-format=simple0 --output=$1/fifo --output-directory=$1/out $2; rc=$?; wait; exit $rc", scratch.Path, PygrubRbd.Disk("msdos"));
        Assert.Equal(PygrubRbd.Payload("vmlinuz-6.1"), File.ReadAllBytes(PygrubRbd.Answer(result)["kernel"]));
    }

    [Fact]
    public void Without_an_answer_the_FIFO_is_never_opened()
    {
        using ScratchFolder scratch = new();
        Tool.Check("mkfifo", scratch["fifo"]); // nobody reads it: opening it would block until the deadline
        ToolResult result = PygrubRbd.Run(
            new Dictionary<string, string> { ["PYGRUB_MAX_TIME_S"] = "30" }, "-q", $"--output={scratch["fifo"]}", PygrubRbd.Disk("no-config"));
        Assert.Equal(ExitCode.NotFound, (ExitCode)result.ExitCode);
    }

    [Fact]
    public void A_file_is_made_or_written_anew()
    {
        using ScratchFolder scratch = new();
        string[] arguments = ["-q", "-n", "--output-format=simple", $"--output={scratch["answer"]}", PygrubRbd.Disk("legacy")];
        PygrubRbd.Run(arguments);
        string first = File.ReadAllText(scratch["answer"]);
        Assert.StartsWith("kernel <kernel:", first);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch["answer"]));
        File.AppendAllText(scratch["answer"], new string('x', 10_000));
        PygrubRbd.Run(arguments);
        Assert.Equal(first, File.ReadAllText(scratch["answer"]));
    }

    [Fact]
    public void The_directory_is_made_for_its_owner_only_and_the_files_too()
    {
        using ScratchFolder scratch = new();
        Dictionary<string, string> answer = PygrubRbd.Answer(
            PygrubRbd.Run("-q", "--output-format=simple0", $"--output-directory={scratch["a/b"]}", PygrubRbd.Disk("msdos")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(scratch["a/b"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(answer["kernel"]));
        Assert.Matches("^" + scratch["a/b"] + "/boot_kernel\\.[A-Za-z0-9]{6}$", answer["kernel"]);
        Assert.Matches("^" + scratch["a/b"] + "/boot_ramdisk\\.[A-Za-z0-9]{6}$", answer["ramdisk"]);
    }

    [Fact]
    public void The_directory_may_be_as_libxl_makes_it()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can write to a directory of mode 0600");
        using ScratchFolder scratch = new();
        Directory.CreateDirectory(scratch["d"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, PygrubRbd.Run("-q", $"--output-directory={scratch["d"]}", PygrubRbd.Disk("msdos")).ExitCode);
    }

    [Theory, MemberData(nameof(SignalsAndUsers))]
    public void A_signal_while_the_FIFO_waits_for_its_reader_leaves_nothing(string signal, string user)
    {
        Assert.SkipUnless(user.Length == 0 || Environment.UserName == "root", "--runas needs root");
        using ScratchFolder scratch = new();
        Tool.Check("mkfifo", scratch["fifo"]);
        string[] users = user.Length > 0 ? [user] : [];
        using Process process = PygrubRbd.Start(["-q", .. users, $"--output={scratch["fifo"]}", $"--output-directory={scratch["out"]}", PygrubRbd.Disk("msdos")]);
        int size = PygrubRbd.Payload("initrd-6.1").Length;
        PygrubRbd.WaitFor(() => RamdiskSize(scratch["out"]) == size);
        Thread.Sleep(50); // it opens the FIFO now
        End(process, signal, scratch["out"]);
    }

    [Theory, MemberData(nameof(SignalsAndUsers))]
    public void A_signal_in_the_middle_of_copying_leaves_nothing(string signal, string user)
    {
        Assert.SkipUnless(user.Length == 0 || Environment.UserName == "root", "--runas needs root");
        using ScratchFolder scratch = new();
        string[] users = user.Length > 0 ? [user] : [];

        // Stopped as soon as copying has begun, so that the signal meets it there and not behind its end; tried again where it was too late.
        for (int attempt = 0; attempt < 50; attempt++)
        {
            using Process process = PygrubRbd.Start(["-q", .. users, $"--output-directory={scratch["out"]}", PygrubRbd.Disk("large")]);
            PygrubRbd.WaitFor(() => RamdiskSize(scratch["out"]) > 0 || process.HasExited);
            if (!process.HasExited)
            {
                // Also the process that copies, where it is another.
                string[] all = [.. Children(process.Id).Select(child => $"{child}"), $"{process.Id}"];
                Tool.Run("kill", ["-STOP", .. all]);
                if (RamdiskSize(scratch["out"]) is > 0 and < 120_000_000)
                {
                    Tool.Check("kill", $"-{signal}", $"{process.Id}");
                    Tool.Run("kill", ["-CONT", .. all]);
                    Check(process, signal, scratch["out"]);
                    PygrubRbd.WaitFor(() => all.All(pid => !Directory.Exists($"/proc/{pid}") || IsZombie(pid)));
                    return;
                }

                Tool.Run("kill", ["-CONT", .. all]);
                process.WaitForExit();
            }

            Directory.Delete(scratch["out"], recursive: true);
        }

        Assert.Fail("the copy was never caught in its middle");
    }

    [Fact]
    public void The_deadline_ends_it_with_nothing_left()
    {
        using ScratchFolder scratch = new();
        Tool.Check("mkfifo", scratch["fifo"]);
        ToolResult result = PygrubRbd.Run(
            new Dictionary<string, string> { ["PYGRUB_MAX_TIME_S"] = "1" },
            "-q", $"--output={scratch["fifo"]}", $"--output-directory={scratch["out"]}", PygrubRbd.Disk("msdos"));
        Assert.Equal(ExitCode.OverLimit, (ExitCode)result.ExitCode);
        Assert.StartsWith("RuntimeError: no answer within 1 s", result.Error);
        Assert.False(Directory.Exists(scratch["out"]));
    }

    [Fact]
    public void A_reader_that_has_gone_is_an_error_with_nothing_left()
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Shell(
            "{ sleep 0.3; $P -q --output-directory=$1 $2; echo $? > $1.code; } | true; sleep 1; cat $1.code; rm $1.code", scratch.Path, PygrubRbd.Disk("large"));
        Assert.Equal($"{(int)ExitCode.OutputError}\n", result.Text);
        Assert.Equal("RuntimeError: standard output: nobody reads it any more\n", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--runas=65534")]
    public void A_full_output_disk_is_named_and_left_empty(string user)
    {
        ToolResult result = OnTmpfs("size=1m", "$P -q $2 --output-directory=$1 $3; echo \"$? $(ls -A $1)\"", user, PygrubRbd.Disk("msdos"));
        Assert.Equal($"{(int)ExitCode.OutputError} \n", result.Text);
        Assert.Matches("^RuntimeError: /.*: no space left", result.Error);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_full_disk_under_the_answer_leaves_no_half_of_it()
    {
        ToolResult result = OnTmpfs(
            "size=4m", "dd if=/dev/zero of=$1/fill bs=4096 status=none 2>/dev/null; $P -q -n --output=$1/answer $3; echo \"$? $(ls -A $1)\"", "", PygrubRbd.Disk("msdos"));
        Assert.Equal($"{(int)ExitCode.OutputError} fill\n", result.Text);
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_named()
    {
        ToolResult result = OnTmpfs("ro", "$P -q --output-directory=$1 $3; echo $?; $P -q --output-directory=$1/new $3; echo $?", "", PygrubRbd.Disk("msdos"));
        Assert.Equal($"{(int)ExitCode.OutputError}\n{(int)ExitCode.OutputError}\n", result.Text);
        Assert.Matches("RuntimeError: output directory /.*: can't make boot_kernel.XXXXXX: Read-only file system\nRuntimeError: output directory /.*/new: Read-only file system\n", result.Error);
    }

    [Fact]
    public void An_output_directory_that_is_a_file_is_refused()
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Run("-q", $"--output-directory={scratch.Noise("file", 10)}", PygrubRbd.Disk("msdos"));
        Assert.Equal(ExitCode.OutputError, (ExitCode)result.ExitCode);
        Assert.Contains($"output directory {scratch["file"]}", result.Error);
    }

    [Fact]
    public void Many_at_once_get_files_of_their_own()
    {
        using ScratchFolder scratch = new();
        ToolResult result = PygrubRbd.Shell(
            "for i in 1 2 3 4 5 6 7 8; do $P -q --output-directory=$1 $2 > $1/answer.$i & done; wait; cat $1/answer.* | tr '(' '\\n' | grep boot_ | sort -u | wc -l",
            scratch.Path, PygrubRbd.Disk("msdos"));
        Assert.Equal("16\n", result.Text);
    }

    private static ToolResult OnTmpfs(string options, string line, params string[] arguments)
    {
        Assert.SkipUnless(Environment.UserName == "root", "mounting a tmpfs needs root");
        using ScratchFolder scratch = new();
        return Tool.Run(
            "unshare", ["--mount", "--propagation", "private", "bash", "-c", $"mount -t tmpfs -o {options} none $1 && {{ {line}; }}", "bash", scratch.Path, .. arguments],
            TimeSpan.FromMinutes(1), new Dictionary<string, string> { ["P"] = PygrubRbd.Path });
    }

    private static void End(Process process, string signal, string directory)
    {
        Tool.Check("kill", $"-{signal}", $"{process.Id}");
        Check(process, signal, directory);
    }

    private static void Check(Process process, string signal, string directory)
    {
        Assert.True(process.WaitForExit(30_000), "it goes on");
        int number = signal switch { "TERM" => 15, "INT" => 2, "HUP" => 1, _ => 3 };
        Assert.Equal(128 + number, process.ExitCode);
        Assert.Equal($"RuntimeError: ended by SIG{signal}; nothing is left behind\n", process.StandardError.ReadToEnd());
        Assert.Equal("", process.StandardOutput.ReadToEnd());
        Assert.False(Directory.Exists(directory));
    }

    private static long RamdiskSize(string directory)
    {
        try
        {
            return Directory.GetFiles(directory, "boot_ramdisk.*") is [string file] ? new FileInfo(file).Length : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string[] Children(int pid)
    {
        string path = $"/proc/{pid}/task/{pid}/children";
        return File.Exists(path) ? File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    private static bool IsZombie(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
