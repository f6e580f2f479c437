using BlockRbd.BootExtract;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.Testing;
using BlockRbd.TwoStages;
using Xunit;

namespace BlockRbd.Programs.Tests;

/// <summary>The manual page, the help and the program say the same.</summary>
public sealed class ManPageTests
{
    private static readonly string Page = File.ReadAllText(Repo.Below("man", "pygrub-rbd.8.scd"));

    public static TheoryData<string> Options => [.. Arguments.Pygrub.Concat(Arguments.Own).Select(option => "--" + option.Name)];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Repo.Below("man"), "*.scd").Select(static f => Path.GetFileName(f))];

    public static TheoryData<string> Variables => [StageLimits.FileSizeVariable, StageLimits.MemoryVariable, StageLimits.TimeVariable];

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
            StageLimits.FileSizeVariable => StageLimits.From(_ => null).MaxFileBytes >> 20,
            StageLimits.MemoryVariable => StageLimits.From(_ => null).MaxMemoryBytes >> 20,
            _ => StageLimits.From(_ => null).MaxSeconds,
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
    public void Version_is_a_number() => Assert.Matches(@"^pygrub-rbd \d+\.\d+\.\d+(\+[0-9a-z.]+)?\n$", PygrubRbd.Run("--version").Text);
}
