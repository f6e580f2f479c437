using System.Text.RegularExpressions;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Packages.Tests;

/// <summary>Manual pages have every command, option, exit code, variable and file that the program has: the first two by its help, the others by its source.</summary>
public sealed partial class PageTests
{
    private static readonly Dictionary<string, string[]> Sources = new()
    {
        ["block-rbd"] = ["Mapper", "Ceph", "Xen"], ["pygrub-rbd"] = ["BootExtract"], ["menulst-gen"] = ["MenuLstGen"],
    };

    public static TheoryData<string> Commands => [.. BuiltPrograms.Commands];

    public static TheoryData<string> Programs => [.. Sources.Keys];

    [Theory, MemberData(nameof(Commands))]
    public void Every_option_and_command_is_explained(string command)
    {
        string[] words = command.Split(' ');
        string page = Page(words[0]);
        Assert.All(BuiltPrograms.Options(command), option => Assert.Matches($@"(?m)^(\*[^*\n]+\*, )*\*{Regex.Escape(option)}\*", page));
        Assert.True(words.Length == 1 || Regex.IsMatch(page, $@"(?m)^\*{words[^1]}\*( |$)"), command);
    }

    [Theory, MemberData(nameof(Programs))]
    public void Every_exit_code_is_explained_in_its_page_and_the_help_names_no_other(string program)
    {
        string page = Page(program).Split("\n# EXIT STATUS\n")[1].Split("\n# ")[0];
        string[] codes = [.. ExitCode().Matches(File.ReadAllText(Repo.Below("src", Sources[program][0], "ExitCode.cs"))).Select(static code => code.Groups[1].Value)];
        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.Matches(code == "128" ? @"(?m)^\*128\*?\+_?N_?\*?$" : $@"(?m)^\*{code}\*$", page));
        Assert.Equal(codes.Length, CodeInPage().Count(page));
        if (BuiltPrograms.Help(program).Split("Exit codes: ") is [_, string help])
        {
            Assert.All(CodeInHelp().Matches(help.Split("\n\n")[0]).Select(static code => code.Value), code => Assert.Contains(code, codes));
        }
    }

    [Theory, MemberData(nameof(Programs))]
    public void Every_environment_variable_is_explained(string program)
    {
        // BLOCK_RBD_ variables are for tests; PYGRUB_RBD_READER is how the program calls itself.
        string[] variables = [.. Strings(program).Where(static text => Variable().IsMatch(text) && !text.StartsWith("BLOCK_RBD_", StringComparison.Ordinal) && text != "PYGRUB_RBD_READER")];
        Assert.All(variables, variable => Assert.Contains(variable, Page(program)));
    }

    [Theory, MemberData(nameof(Programs))]
    public void Every_file_is_explained(string program)
    {
        // Devices, and the kernel's view of the process itself, are no files of an installation.
        string[] files = [.. Strings(program).Where(static text => HostFile().IsMatch(text) && !text.StartsWith("/proc/self/exe", StringComparison.Ordinal) && !text.StartsWith("/proc/self/cmdline", StringComparison.Ordinal))];
        Assert.All(files, file => Assert.Contains(file, Page(program)));
    }

    [Fact]
    public void Every_key_of_the_configuration_file_is_explained()
    {
        ToolResult result = Refused("nonsense = 1");
        string[] keys = result.Error.Split("known are ")[1].Trim().Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("id", keys);
        Assert.All(keys, key => Assert.Matches($@"(?m)^(\*[^*\n]+\*,? )*\*{key}\*", Page("block-rbd.conf")));
    }

    [Fact]
    public void The_installed_configuration_file_is_understood_with_and_without_its_comments()
    {
        string sample = File.ReadAllText(Repo.Below("packaging", "block-rbd.conf"));
        Assert.Equal(0, Resolved(sample).ExitCode);
        ToolResult uncommented = Resolved(Regex.Replace(sample, "(?m)^#(?=[a-z\\[])", ""));
        Assert.True(uncommented.ExitCode == 0, uncommented.Error);
    }

    private static ToolResult Refused(string configuration)
    {
        ToolResult result = Resolved(configuration);
        Assert.Equal(1, result.ExitCode);
        return result;
    }

    private static ToolResult Resolved(string configuration)
    {
        using ScratchFolder scratch = new();
        File.WriteAllText(scratch["conf"], configuration);
        return Tool.Run(
            BuiltPrograms.Path("block-rbd"), ["resolve", "rbd/guest"], TimeSpan.FromMinutes(1),
            new Dictionary<string, string> { ["BLOCK_RBD_CONF"] = scratch["conf"], ["BLOCK_RBD_RUN"] = scratch["run"], ["BLOCK_RBD_SYSLOG"] = scratch["log"] });
    }

    private static string Page(string name) => File.ReadAllText(Directory.GetFiles(Repo.Below("man"), name + ".?.scd").Single());

    /// <summary>What stands between quotes in a program's source, holes and all.</summary>
    private static IEnumerable<string> Strings(string program) => Sources[program]
        .SelectMany(static folder => Directory.GetFiles(Repo.Below("src", folder), "*.cs", SearchOption.AllDirectories))
        .SelectMany(static file => File.ReadLines(file).Where(static line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
        .SelectMany(static line => Quoted().Matches(line).Select(static text => text.Groups[1].Value)).Distinct();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(XEN|CEPH|PYGRUB|POSIX|BLOCK_RBD)[A-Z_]+$")]
    private static partial Regex Variable();

    [GeneratedRegex("^/(etc|run|var|usr|proc)/[a-zA-Z][a-zA-Z0-9/_.-]*$")]
    private static partial Regex HostFile();

    [GeneratedRegex(@"(?m)^    [A-Z]\w+ = (\d+),")]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"(?m)^\*\d+\*?\+?.*$")]
    private static partial Regex CodeInPage();

    [GeneratedRegex(@"(?<=^|[ ,])\d+(?= [a-z-])")]
    private static partial Regex CodeInHelp();
}
