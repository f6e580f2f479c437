using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Packages.Tests;

/// <summary>What the real shells offer is what --help has: no less, and no more.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public CompletionTests()
    {
        BuiltPrograms.Path("block-rbd");
        Tool.Check(Repo.Below("build", "completions"), _scratch.Path);
    }

    public static TheoryData<string> Commands => [.. BuiltPrograms.Commands];

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Commands))]
    public void Bash_offers_every_option(string command)
    {
        string[] words = command.Split(' ');
        Assert.Equal(BuiltPrograms.Options(command), Bash(words[0], [.. words, "-"]));
    }

    [Theory, MemberData(nameof(Commands))]
    public void Fish_offers_every_option(string command)
    {
        string program = command.Split(' ')[0];
        string[] offered = [.. Fish(program, $"complete -C '{command} -'; complete -C '{command} --'").Split('\n').Select(static line => line.Split('\t')[0]).Where(static name => name.StartsWith('-')).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(BuiltPrograms.Options(command), offered);
    }

    [Theory, MemberData(nameof(Commands))]
    public void Zsh_offers_every_option(string command)
    {
        // _arguments replaced: what it is given are the options, and _arguments itself needs a terminal.
        string[] words = command.Split(' ');
        string script = $$"""
            _arguments() { local one; for one in "$@"; do print -r -- "$one"; done; [[ -z $wanted ]] || { state=arguments; line=($wanted); }; }
            wanted={{(words.Length > 1 ? words[1] : "")}}
            source {{_scratch["_" + words[0]]}}
            """;
        ToolResult result = Tool.Run(Packager("zsh"), "-f", "-c", script);
        Assert.Equal("", result.Error);
        string[] lines = result.Text.Split('\n');
        string[] own = words.Length > 1 ? lines[(Array.FindIndex(lines, static line => line.StartsWith("*::argument", StringComparison.Ordinal)) + 1)..] : lines;
        string[] offered =
        [
            .. own.Select(static line => line.StartsWith('(') ? line[(line.IndexOf(')', StringComparison.Ordinal) + 1)..] : line)
                .Where(static line => line.StartsWith('-') && line.Length > 1 && line != "-C" && line != "-s")
                .Select(static line => line.Split('[', '=')[0]).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(BuiltPrograms.Options(command), offered);
    }

    [Fact]
    public void Commands_are_offered_and_what_only_libxl_calls_is_not()
    {
        string[] commands = [.. BuiltPrograms.CommandsOf("block-rbd").Order(StringComparer.Ordinal)];
        Assert.Contains("status", commands);
        Assert.Equal(commands, Bash("block-rbd", "block-rbd", "").Where(static word => word[0] != '-'));
        Assert.Equal(commands, Fish("block-rbd", "complete -C 'block-rbd '").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')[0]).Order(StringComparer.Ordinal));
        Assert.Contains("1:command:((" + BuiltPrograms.CommandsOf("block-rbd")[0] + "\\:", File.ReadAllText(_scratch["_block-rbd"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_words_and_files_of_this_host_are_offered()
    {
        Assert.Equal(["simple", "simple0"], Bash("pygrub-rbd", "pygrub-rbd", "--output-format", "=", "si"));
        File.WriteAllText(_scratch["a-disk.img"], "");
        Assert.Equal([_scratch["a-disk.img"]], Bash("pygrub-rbd", "pygrub-rbd", "-q", _scratch["a-d"]));
        Assert.Equal([_scratch["a-disk.img"]], Bash("menulst-gen", "menulst-gen", "--output", _scratch["a-d"]));
        Assert.Empty(Bash("pygrub-rbd", "pygrub-rbd", "--kernel", "/et")); // the guest's path, not this host's
    }

    private static string Packager(string name) => Path.Combine(Tool.Check(Repo.Below("fixtures", "tools", "get-packagers")).Text.Trim(), name);

    /// <summary>What fish prints; its own functions are below where it was unpacked.</summary>
    private string Fish(string program, string line)
    {
        string functions = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Packager("fish")))!, "usr", "share", "fish", "functions");
        ToolResult result = Tool.Run(
            Packager("fish"), ["--no-config", "-c", $"set fish_function_path {functions}; source {_scratch[program + ".fish"]}; {line}"], TimeSpan.FromMinutes(1),
            new Dictionary<string, string> { ["HOME"] = _scratch.Path });
        Assert.Equal("", result.Error);
        return result.Text;
    }

    /// <summary>What bash would offer for the last word.</summary>
    private string[] Bash(string program, params string[] words)
    {
        const string Script = """
            set -e
            source "$1"
            shift
            function=$(complete -p "$1" | sed 's/.*-F \([^ ]*\) .*/\1/')
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            "$function" || true # compopt works on a line that is being typed only
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        ToolResult result = Tool.Run("/bin/bash", ["-c", Script, "bash", _scratch[program + ".bash"], .. words]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return [.. result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }
}
