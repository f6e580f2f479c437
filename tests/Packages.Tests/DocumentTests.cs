using System.Text.RegularExpressions;
using System.Xml.Linq;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Packages.Tests;

/// <summary>What docs/ says is so: its commands run, its links lead somewhere, and every message of the programs is found there.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Repo.Below("docs"), "*.md").Select(static path => Path.GetFileName(path))];

    [Fact]
    public void Every_message_of_the_source_is_found_by_the_trouble_shooting_page()
    {
        ToolResult result = Tool.Run(Repo.Below("build", "messages"));
        Assert.True(result.ExitCode == 0, $"{result.Text}{result.Error}\nbuild/messages --write renews the lists");
    }

    [Fact]
    public void Commands_marked_so_run_on_a_real_cluster()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the commands get an /etc of their own");
        using ScratchFolder bin = new();
        foreach (string program in (string[])["block-rbd", "pygrub-rbd", "menulst-gen"])
        {
            File.CreateSymbolicLink(bin[program], BuiltPrograms.Path(program));
        }

        string[] pages = [Repo.Below("docs", "ceph.md"), .. Directory.GetFiles(Repo.Below("docs"), "*.md").Where(static path => !path.EndsWith("/ceph.md", StringComparison.Ordinal)).Order()];
        ToolResult result = Tool.Run(
            Repo.Below("fixtures", "docs", "run-pages"), pages, TimeSpan.FromMinutes(5),
            new Dictionary<string, string> { ["PATH"] = bin.Path + ":" + Environment.GetEnvironmentVariable("PATH"), ["GUEST_DISK"] = TestImages.Image("boot", "msdos") });
        Assert.True(result.ExitCode == 0, result.Text + result.Error);
        Assert.Equal(pages.Sum(static page => Commands(page, "test").Count()), result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// <summary>A command is run by the tests, or by the lab's case that it names; anything else is no command.</summary>
    [Theory, MemberData(nameof(Pages))]
    public void Every_command_is_run_by_something(string page)
    {
        string path = Repo.Below("docs", page);
        foreach (Match block in Block().Matches(File.ReadAllText(path)))
        {
            string kind = block.Groups[1].Value;
            Assert.Matches("^(sh test|sh lab=[a-z-]+|cfg|xml|text)$", kind);
            if (kind.StartsWith("sh lab=", StringComparison.Ordinal))
            {
                string lab = File.ReadAllText(Repo.Below("tests", "lab", "cases", kind[7..] + ".sh")) + File.ReadAllText(Repo.Below("tests", "lab", "dom0", "lib.sh"));
                Assert.All(Commands(path, kind[3..]), command => Assert.Matches(string.Join(@"\b.*\b", command.Split(' ').Take(2).Select(Regex.Escape)), lab));
            }
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page) => Assert.All(
        Link().Matches(File.ReadAllText(Repo.Below("docs", page))).Select(static link => link.Groups[1].Value.Split('#')[0]).Where(static target => target.Length > 0),
        target => Assert.True(File.Exists(Repo.Below("docs", target)), target));

    [Fact]
    public void Pictures_are_drawings_with_a_title() => Assert.All(
        Directory.GetFiles(Repo.Below("docs", "pictures")),
        path => Assert.NotEmpty(XDocument.Load(path).Root!.Elements().Single(static element => element.Name.LocalName == "title").Value));

    private static IEnumerable<string> Commands(string path, string kind) => Block().Matches(File.ReadAllText(path))
        .Where(block => block.Groups[1].Value == "sh " + kind)
        .SelectMany(static block => block.Groups[2].Value.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    [GeneratedRegex(@"^ *```(\S.*)\n((?s:.*?))^ *```$", RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\(([^):]+)\)")]
    private static partial Regex Link();
}
