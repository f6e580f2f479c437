using BlockRbd.BootExtract;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests;

/// <summary>The manual page, the help and the program say the same.</summary>
public sealed class ManPageTests
{
    private static readonly string Page = File.ReadAllText(Repo.Below("man", "pygrub-rbd.8.scd"));

    public static TheoryData<string> Options => [.. Arguments.Pygrub.Concat(Arguments.Own).Select(option => "--" + option.Name)];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Repo.Below("man"), "*.scd").Select(static f => Path.GetFileName(f))];

    public static TheoryData<string> Variables => [LimitSettings.FileSizeVariable, LimitSettings.MemoryVariable, LimitSettings.TimeVariable];

    [Theory, MemberData(nameof(Options))]
    public void Every_option_is_explained(string option)
    {
        Assert.Matches($@"(?m)^\*(-.\*, \*)?{option}\*", Page);
        Assert.Matches($@"(?m)^ +(-., )?{option}[ =\n]", PygrubRbd.Run("--help").Text);
    }

    [Fact]
    public void Every_short_option_is_explained() =>
        Assert.All(Arguments.Letters, letter => Assert.Contains($"\n*-{letter}*, *--", Page));

    [Theory, MemberData(nameof(Variables))]
    public void Every_limit_is_explained_with_its_default(string variable)
    {
        string value = (variable switch
        {
            LimitSettings.FileSizeVariable => LimitSettings.From(_ => null).MaxFileBytes >> 20,
            LimitSettings.MemoryVariable => LimitSettings.From(_ => null).MaxMemoryBytes >> 20,
            _ => LimitSettings.From(_ => null).MaxSeconds,
        }).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Matches($@"\*{variable}\*\n\t[^\n]* {value} unless set", Page);
        Assert.Contains($"{variable} ({value})", HelpText.Text);
    }

    [Fact]
    public void Every_exit_code_is_explained() => Assert.All(
        Enum.GetValues<ExitCode>(), code => Assert.Contains(code == ExitCode.Signal ? "\n*128+N*\n" : $"\n*{(int)code}*\n", Page));

    [Fact]
    public void Help_goes_to_standard_output_and_is_no_error()
    {
        foreach (string option in (string[])["-h", "--help", "--he"])
        {
            ToolResult result = PygrubRbd.Run(option);
            Assert.Equal((0, HelpText.Text, ""), (result.ExitCode, result.Text, result.Error));
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Scdoc_makes_a_page_of_it_without_a_warning(string page)
    {
        ToolResult made = Tool.Run("/bin/sh", "-c", "exec \"$0\" < \"$1\"", Tool.Path("scdoc"), Repo.Below("man", page));
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        string name = page[..page.IndexOf('.', StringComparison.Ordinal)];
        Assert.Matches($@"(?m)^\.TH ""{name}\S*"" ""[58]""", made.Text);
    }

    [Fact]
    public void Installing_puts_everything_below_DESTDIR_and_the_unit_runs_the_installed_program()
    {
        using ScratchFolder scratch = new();
        ToolResult result = Install(scratch, withScdoc: true);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string[] files = [.. Directory.EnumerateFiles(scratch["root"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(scratch["root"], f)).Order()];
        Assert.Equal(
            [
                "etc/xen/scripts/block-rbd", "usr/bin/block-rbd", "usr/bin/menulst-gen", "usr/bin/pygrub-rbd", "usr/lib/systemd/system/block-rbd-recover.service",
                "usr/share/man/man5/block-rbd.conf.5", "usr/share/man/man8/block-rbd.8", "usr/share/man/man8/menulst-gen.8", "usr/share/man/man8/pygrub-rbd.8",
            ],
            files);
        Assert.Equal("/usr/bin/block-rbd", new FileInfo(scratch["root/etc/xen/scripts/block-rbd"]).LinkTarget);
        Assert.Contains("\nExecStart=/usr/bin/block-rbd recover ", File.ReadAllText(scratch["root/usr/lib/systemd/system/block-rbd-recover.service"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_scdoc_installing_leaves_out_the_manual_pages_and_says_so()
    {
        Assert.SkipWhen(File.Exists("/usr/bin/scdoc"), "scdoc is installed on this machine");
        using ScratchFolder scratch = new();
        ToolResult result = Install(scratch, withScdoc: false);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("no manual pages, because scdoc is not there", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(scratch["root/usr/bin/block-rbd"]));
        Assert.False(Directory.Exists(scratch["root/usr/share/man"]));
    }

    // The script beside stand-ins for the native programs, in a tree of its own: where no scdoc was fetched there is none.
    private static ToolResult Install(ScratchFolder scratch, bool withScdoc)
    {
        Tool.Check("/bin/sh", "-c", "mkdir -p \"$0/tree/out\" \"$0/tree/artifacts/tools/bin\" && cp -r \"$1/build\" \"$1/man\" \"$1/packaging\" \"$0/tree\" && touch \"$0/tree/out/menulst-gen\" \"$0/tree/out/block-rbd\" \"$0/tree/out/pygrub-rbd\"", scratch.Path, Repo.Top);
        if (withScdoc)
        {
            File.CreateSymbolicLink(scratch["tree/artifacts/tools/bin/scdoc"], Tool.Path("scdoc"));
        }

        return Tool.Run(
            scratch["tree/build/install"], [], TimeSpan.FromMinutes(1), new Dictionary<string, string> { ["DESTDIR"] = scratch["root"], ["PREFIX"] = "/usr", ["PATH"] = "/usr/bin:/bin" });
    }

    [Fact]
    public void Version_is_a_number() => Assert.Matches(@"^pygrub-rbd \d+\.\d+\.\d+\n$", PygrubRbd.Run("--version").Text);
}
