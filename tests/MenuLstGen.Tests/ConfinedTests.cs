using BlockRbd.MenuLstGen.Confined;
using BlockRbd.MenuLstGen.Output;
using BlockRbd.Testing;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>Disks are read by a process without rights, and what it answers is believed as little as the disk.</summary>
public sealed class ConfinedTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Every_layer_is_in_force_where_root_starts_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: namespaces and another user");
        ToolResult plain = MenuLstProgram.Run(MenuLstProgram.Disk("msdos"));
        ToolResult confined = MenuLstProgram.Run("--require-confinement", MenuLstProgram.Disk("msdos"));
        Assert.Equal(0, confined.ExitCode);
        Assert.Equal(plain.Text, confined.Text);
    }

    [Fact]
    public void The_process_that_reads_the_disk_opens_no_file_and_is_another_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: another user");
        string trace = _scratch["trace"];
        Tool.Check(Tool.Path("strace"), "-f", "-o", trace, "-e", "trace=setresuid,seccomp,pread64,open,openat", MenuLstProgram.Path, MenuLstProgram.Disk("msdos"));
        string[] lines = File.ReadAllLines(trace);
        string reader = Assert.Single(lines.Where(line => line.Contains("seccomp(", StringComparison.Ordinal)).Select(Pid).Distinct());
        Assert.Contains(lines, line => Pid(line) == reader && line.Contains("setresuid", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal));
        int filter = Array.FindLastIndex(lines, line => Pid(line) == reader && line.Contains("seccomp(", StringComparison.Ordinal));
        Assert.True(filter > 0);
        IEnumerable<string> behind = lines.Skip(filter + 1).Where(line => Pid(line) == reader);
        Assert.Contains(behind, line => line.Contains("pread64", StringComparison.Ordinal));
        Assert.DoesNotContain(behind, line => line.Contains("open", StringComparison.Ordinal) && !line.Contains("EPERM", StringComparison.Ordinal) && !line.Contains("EACCES", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Where(line => Pid(line) != reader), line => line.Contains("pread64", StringComparison.Ordinal) && line.Contains("= 4096", StringComparison.Ordinal));
    }

    [Fact]
    public void Required_below_a_root_directory_it_is_a_wrong_command_line()
    {
        ToolResult result = MenuLstProgram.Run("--require-confinement", "--root", "/");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--require-confinement", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("-1,-1,0;;")]
    [InlineData("0,0,0;99999999999;3")]
    public void Orders_that_are_none_of_ours_are_refused(string orders)
    {
        ToolResult result = MenuLstProgram.Shell("MENULST_GEN_READER=\"$1\" \"$P\" /dev/null", orders);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("MENULST_GEN_READER", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_sent_is_what_arrives()
    {
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i % 251))];
        Kept kept = new();
        Assert.Equal("default 0\n", Through(pipe =>
        {
            PipeOutput output = new(pipe);
            output.Initrd(new MergedName("/boot/i.merged", "i.merged", 2), new Bytes(content));
            output.Menu("default 0\n");
        }, kept));
        (MergedName name, byte[] bytes) = Assert.Single(kept.Initrds);
        Assert.Equal(new MergedName("/boot/i.merged", "i.merged", 2), name);
        Assert.Equal(content, bytes);
    }

    [Theory]
    [InlineData("initrd", "/m", "../etc/passwd", "2", "0")]
    [InlineData("initrd", "/m", "a/b", "2", "0")]
    [InlineData("initrd", "/m", "..", "2", "0")]
    [InlineData("initrd", "/m", "", "2", "0")]
    [InlineData("initrd", "/m", "x", "1001", "0")]
    [InlineData("initrd", "/m", "x", "2", "-1")]
    [InlineData("initrd", "/m", "x", "2", "2147483649")]
    [InlineData("initrd", "/m", "x", "2")]
    [InlineData("menu")]
    [InlineData("menu", "no newline")]
    [InlineData("menu", "\u001b[2J\n")]
    [InlineData("menu", "title x\n### END MENULST-GEN\ntitle y\n")]
    [InlineData("menu", "### BEGIN MENULST-GEN\n")]
    [InlineData("other", "x")]
    public void An_answer_that_is_none_is_refused(params string[] texts)
    {
        Kept kept = new();
        StageException refused = Assert.Throws<StageException>(() => Through(pipe => MessagePipe.Send(pipe, texts), kept));
        Assert.Equal(StageFault.Broken, refused.Fault);
        Assert.Empty(kept.Initrds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(60)]
    public void An_answer_that_breaks_off_is_none(int bytes)
    {
        string sent = _scratch["sent"];
        using (SafeFileHandle file = File.OpenHandle(sent, FileMode.Create, FileAccess.Write))
        {
            PipeOutput output = new(file);
            output.Initrd(new MergedName("/m", "x", 2), new Bytes(new byte[100]));
            output.Menu("default 0\n");
        }

        using (FileStream file = File.OpenWrite(sent))
        {
            file.SetLength(bytes);
        }

        using SafeFileHandle cut = File.OpenHandle(sent);
        Assert.Null(new PipeAnswer(cut).Receive(new Kept()));
    }

    private static string Pid(string line) => line.Split(' ')[0];

    private string? Through(Action<SafeFileHandle> send, Kept kept)
    {
        string path = _scratch["answer"];
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            send(file);
        }

        using SafeFileHandle answer = File.OpenHandle(path);
        return new PipeAnswer(answer).Receive(kept);
    }

    private sealed class Kept : IGenOutput
    {
        public List<(MergedName Name, byte[] Bytes)> Initrds { get; } = [];

        public void Initrd(MergedName initrd, IMergedContent content)
        {
            using MemoryStream bytes = new();
            content.CopyTo(piece => bytes.Write(piece.Span));
            Initrds.Add((initrd, bytes.ToArray()));
        }

        public void Menu(string text) => throw new InvalidOperationException(text);
    }

    private sealed class Bytes(byte[] bytes) : IMergedContent
    {
        public long Size => bytes.Length;

        public void CopyTo(Action<ReadOnlyMemory<byte>> write) => write(bytes);
    }
}
