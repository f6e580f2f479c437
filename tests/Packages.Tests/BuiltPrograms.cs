using System.Text.RegularExpressions;
using BlockRbd.Testing;
using Xunit;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace BlockRbd.Packages.Tests;

/// <summary>The native programs of out/, which packages are made of, and what they say of themselves.</summary>
internal static partial class BuiltPrograms
{
    private static readonly Lazy<bool> Built = new(static () => { Tool.Check("/bin/sh", "-c", "ANY_COMMIT=1 exec \"$0\"", Repo.Below("build", "native")); return true; });

    /// <summary>Every program and each of its commands: "block-rbd", "block-rbd status".</summary>
    public static IReadOnlyList<string> Commands { get; } = ["pygrub-rbd", "menulst-gen", "block-rbd", .. CommandsOf("block-rbd").Select(static name => "block-rbd " + name)];

    /// <summary>Its path in out/, made first where it is not there or older than its source.</summary>
    public static string Path(string program) => Built.Value ? Repo.Below("out", program) : "";

    public static string Help(string command)
    {
        string[] words = command.Split(' ');
        ToolResult result = Tool.Run(Path(words[0]), [.. words[1..], "--help"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Text;
    }

    /// <summary>Options in the help, "-q", "--quiet"; "-?" is a pattern to shells and is nowhere completed.</summary>
    public static string[] Options(string command) =>
        [.. OptionLine().Matches(Help(command)).SelectMany(static line => OptionName().Matches(line.Value).Select(static name => name.Value)).Where(static name => name != "-?").Order(StringComparer.Ordinal)];

    /// <summary>Commands in the help.</summary>
    public static string[] CommandsOf(string program) =>
        [.. Help(program).Split("\nCommands:\n") is [_, string list] ? CommandLine().Matches(list).Select(static line => line.Groups[1].Value) : []];

    // Up to the two blanks before the explanation.
    [GeneratedRegex(@"^ +-.*?(?=  |$)", RegexOptions.Multiline)]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"(?<=^ +|, )--?[a-z?-]+")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^  ([a-z]\S*)", RegexOptions.Multiline)]
    private static partial Regex CommandLine();
}
