using System.Diagnostics;
using BlockRbd.MenuLstGen.Output;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>What -o does to a file, also when it can't.</summary>
public sealed class OutputTests : IDisposable
{
    private const string Handwritten = "# mine\ncolor cyan/blue white/blue\n\ntitle\tMemtest\nroot (hd0,0)\nkernel /boot/memtest\n";

    private readonly ScratchFolder _scratch = new();

    private string Menu => _scratch["menu.lst"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Twice_gives_the_same_bytes_and_does_not_touch_the_file()
    {
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos")));
        byte[] first = File.ReadAllBytes(Menu);
        DateTime written = DateTime.UnixEpoch.AddDays(1000);
        File.SetLastWriteTimeUtc(Menu, written);
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos")));
        Assert.Equal(first, File.ReadAllBytes(Menu));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Menu));
        Assert.Equal(first, Check(MenuLstProgram.Run(MenuLstProgram.Disk("msdos"))).Output);
        AssertAlone();
    }

    [Fact]
    public void Handwritten_stanzas_stay_byte_for_byte_around_the_block()
    {
        File.WriteAllText(Menu, Handwritten);
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos")));
        string block = Check(MenuLstProgram.Run(MenuLstProgram.Disk("msdos"))).Text;
        int title = Handwritten.IndexOf("title", StringComparison.Ordinal);
        Assert.Equal(Handwritten[..title] + block + Handwritten[title..], File.ReadAllText(Menu));
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("legacy")));
        string other = Check(MenuLstProgram.Run(MenuLstProgram.Disk("legacy"))).Text;
        Assert.Equal(Handwritten[..title] + other + Handwritten[title..], File.ReadAllText(Menu));
    }

    [Fact]
    public void A_block_behind_a_title_is_moved_before_it_since_default_counts_only_there() => Assert.Equal(
        $"color a/b\n{MarkedBlock.Of("default 0\n")}title mine\nkernel /k\n",
        MarkedBlock.Replace($"color a/b\ntitle mine\nkernel /k\n{MarkedBlock.Of("default 3\n")}", "default 0\n", "menu.lst"));

    [Fact]
    public void A_file_without_a_newline_at_its_end_gets_one() =>
        Assert.Equal($"timeout 3\n{MarkedBlock.Of("x\n")}", MarkedBlock.Replace("timeout 3", "x\n", "menu.lst"));

    [Theory]
    [InlineData("### BEGIN MENULST-GEN\n", "1 lines \"### BEGIN MENULST-GEN\" and 0 lines")]
    [InlineData("### END MENULST-GEN\n### BEGIN MENULST-GEN\n", "not one of each in this order")]
    [InlineData("### BEGIN MENULST-GEN\n### END MENULST-GEN\n### BEGIN MENULST-GEN\n### END MENULST-GEN\n", "2 lines")]
    public void Marks_that_make_no_block_are_refused(string old, string problem)
    {
        File.WriteAllText(Menu, old);
        ToolResult result = MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos"));
        Assert.Equal(7, result.ExitCode);
        Assert.Contains(problem, result.Error);
        Assert.Equal(old, File.ReadAllText(Menu));
    }

    [Fact]
    public void Mode_and_owner_stay()
    {
        Assert.SkipUnless(Environment.UserName == "root", "giving a file away needs root");
        File.WriteAllText(Menu, Handwritten);
        Tool.Check("/bin/chown", "1234:2345", Menu);
        Tool.Check("/bin/chmod", "640", Menu);
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos")));
        Assert.Equal("1234:2345 640", Tool.Check("/usr/bin/stat", "-c", "%u:%g %a", Menu).Text.Trim());
    }

    [Fact]
    public void A_symbolic_link_stays_one()
    {
        File.WriteAllText(_scratch["grub.conf"], Handwritten);
        File.CreateSymbolicLink(Menu, "grub.conf");
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos")));
        Assert.NotNull(new FileInfo(Menu).LinkTarget);
        Assert.Contains("MENULST-GEN", File.ReadAllText(_scratch["grub.conf"]));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_whole_and_nothing_else()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a small filesystem needs root");
        ToolResult result = MenuLstProgram.Shell(
            """
            exec unshare -m bash -c 'mount -t tmpfs -o size=16k none "$1" && printf "# old\n" > "$1/menu.lst" && head -c 8000 /dev/zero > "$1/fill" &&
                { "$P" -o "$1/menu.lst" --append="$(head -c 900 /dev/zero | tr "\0" x)" "$2"; echo "rc $?"; cat "$1/menu.lst"; ls -A "$1"; }' bash "$1" "$2"
            """, _scratch.Path, MenuLstProgram.Disk("msdos"));
        Assert.Equal("rc 7\n# old\nfill\nmenu.lst\n", result.Text);
        Assert.Contains("can't be written: No space left on device; what was there is as it was", result.Error);
    }

    [Fact]
    public void A_size_limit_leaves_the_old_file_whole_and_nothing_else()
    {
        File.WriteAllText(Menu, Handwritten);
        // Where it isn't the native program: its runtime makes large files in memory, unless told.
        ToolResult result = MenuLstProgram.Shell("export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; ulimit -f 1; exec \"$P\" -o \"$1\" --append=\"$(printf %0900d 0)\" \"$2\"", Menu, MenuLstProgram.Disk("msdos"));
        Assert.Equal(7, result.ExitCode);
        Assert.Contains("File too large", result.Error);
        Assert.Equal(Handwritten, File.ReadAllText(Menu));
        AssertAlone();
    }

    [Fact]
    public void A_directory_that_may_not_be_written_leaves_the_old_file()
    {
        Assert.SkipUnless(Environment.UserName == "root", "a read-only mount needs root");
        File.WriteAllText(Menu, Handwritten);
        ToolResult result = MenuLstProgram.Shell(
            "exec unshare -m bash -c 'mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && exec \"$P\" -o \"$1/menu.lst\" \"$2\"' bash \"$1\" \"$2\"",
            _scratch.Path, MenuLstProgram.Disk("msdos"));
        Assert.Equal(7, result.ExitCode);
        Assert.Contains("menu.lst: can't make a file beside it: Read-only file system; what was there is as it was", result.Error);
        Assert.Equal(Handwritten, File.ReadAllText(Menu));
        AssertAlone();
    }

    [Fact]
    public void Signals_at_any_moment_leave_the_old_file_or_the_new_one_and_nothing_else()
    {
        Check(MenuLstProgram.Run("-o", Menu, MenuLstProgram.Disk("msdos")));
        string whole = File.ReadAllText(Menu).Replace("title Rescue", "title Older", StringComparison.Ordinal);
        Stopwatch watch = Stopwatch.StartNew();
        Check(MenuLstProgram.Run("--check", "-o", Menu, MenuLstProgram.Disk("msdos")), 9);
        TimeSpan run = watch.Elapsed;
        const int Moments = 30;
        for (int i = 0; i < Moments; i++)
        {
            File.WriteAllText(Menu, whole);
            using Process process = MenuLstProgram.Start("-o", Menu, MenuLstProgram.Disk("msdos"));
            Thread.Sleep(run * i / Moments);
            Tool.Run("/bin/kill", i % 2 == 0 ? "-TERM" : "-INT", $"{process.Id}");
            Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
            string left = File.ReadAllText(Menu);
            Assert.True(left == whole || left == whole.Replace("title Older", "title Rescue", StringComparison.Ordinal), left);
            AssertAlone();
        }
    }

    /// <summary>The temporary file is there, written, and the program waits in fsync, where strace holds it.</summary>
    [Fact]
    public void A_signal_while_it_waits_for_the_disk_leaves_the_old_file_whole_and_nothing_else()
    {
        File.WriteAllText(Menu, Handwritten);
        string[] traced = ["-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:delay_enter=5000000", MenuLstProgram.Path, "-o", Menu, MenuLstProgram.Disk("msdos")];
        using Process strace = Process.Start(new ProcessStartInfo(Tool.Path("strace"), traced) { RedirectStandardError = true })!;
        Stopwatch watch = Stopwatch.StartNew();
        while (Directory.GetFileSystemEntries(_scratch.Path).Length < 2 && !strace.HasExited)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "no temporary file came about");
            Thread.Sleep(5);
        }

        Assert.SkipWhen(strace.HasExited, $"strace can't hold it here: {(strace.HasExited ? strace.StandardError.ReadToEnd() : "")}");
        string child = File.ReadAllText($"/proc/{strace.Id}/task/{strace.Id}/children").Trim();
        Tool.Check("/bin/kill", "-TERM", child);
        Assert.True(strace.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(128 + 15, strace.ExitCode);
        Assert.Contains("menulst-gen: ended by SIGTERM\n", strace.StandardError.ReadToEnd());
        Assert.Equal(Handwritten, File.ReadAllText(Menu));
        AssertAlone();
    }

    [Fact]
    public void Several_initrds_are_joined_and_the_menu_names_the_joined_one()
    {
        ToolResult result = Check(MenuLstProgram.Run("--merge-initrd", _scratch.Path, MenuLstProgram.Disk("several-initrds")));
        string path = result.Text.Split('\n').First(line => line.StartsWith("initrd ", StringComparison.Ordinal))["initrd ".Length..];
        string file = _scratch[Path.GetFileName(path)];
        Assert.Equal("/boot", Path.GetDirectoryName(path));
        Assert.DoesNotContain("a menu.lst can name one", result.Error);

        // The disk's recipe: ucode, initrd-5.10, initrd-6.1 in this order; GRUB puts each at a multiple of 4.
        using MemoryStream expected = new();
        foreach (string part in (string[])["ucode", "initrd-5.10", "initrd-6.1"])
        {
            expected.Write(MenuLstProgram.Payload(part));
            expected.Write(new byte[-expected.Length & 3]);
        }

        Assert.Equal(expected.ToArray(), File.ReadAllBytes(file));
        Assert.Equal([file], Directory.GetFiles(_scratch.Path));
    }

    private static ToolResult Check(ToolResult result, int code = 0)
    {
        Assert.True(result.ExitCode == code, result.Error);
        return result;
    }

    private void AssertAlone() => Assert.Equal([Menu], Directory.GetFileSystemEntries(_scratch.Path));

    [Fact]
    public void A_kernel_inside_a_disk_image_of_the_guest_is_not_called_LVM_or_RAID()
    {
        ToolResult result = MenuLstProgram.Run(TestImages.Image("iso", "loop-guest"));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(
            "kernel on (loop), which has no name in a menu.lst: PV-GRUB can't read a disk image inside the guest (loopback)", result.Error, StringComparison.Ordinal);
    }
}
