using BlockRbd.Testing;

namespace BlockRbd.Packages.Tests;

/// <summary>A copy of a freshly installed, minimal Debian, in which packages are installed for real.</summary>
internal sealed class CleanTree : IDisposable
{
    private static readonly Lazy<string> Trees = new(static () => Tool.Check(Repo.Below("fixtures", "tools", "get-debian-trees")).Text.Trim());

    private readonly ScratchFolder _scratch = new();
    private readonly string _suite;

    public CleanTree(string suite)
    {
        _suite = suite;
        Tool.Check("/bin/cp", "-a", Path.Combine(Trees.Value, suite), Root);
    }

    public string Root => _scratch["root"];

    /// <summary>Puts a file to where the tree's programs see it; its path there.</summary>
    public string Bring(string file)
    {
        Tool.Check("/bin/cp", file, Root);
        return "/" + Path.GetFileName(file);
    }

    /// <summary>The distribution's own Xen programs, as package files in the tree.</summary>
    public string[] BringXen() => [.. Directory.GetFiles(Path.Combine(Trees.Value, _suite + "-xen"), "*.deb").Select(Bring)];

    /// <summary>Runs a shell line in the tree, without a network, in a process namespace that ends with it.</summary>
    public ToolResult Run(string line) => Tool.Run(
        "/usr/bin/unshare", ["--mount", "--pid", "--fork", "--net", "--kill-child", $"--mount-proc={Root}/proc", "chroot", Root, "/bin/sh", "-c", line], TimeSpan.FromMinutes(5),
        new Dictionary<string, string> { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", ["LC_ALL"] = "C", ["DEBIAN_FRONTEND"] = "noninteractive" });

    public string Check(string line)
    {
        ToolResult result = Run(line);
        Xunit.Assert.True(result.ExitCode == 0, $"{_suite}: {line}: {result.ExitCode}\n{result.Text}\n{result.Error}");
        return result.Text;
    }

    /// <summary>Every path but dpkg's own books and logs: kind, mode, target, size.</summary>
    public string[] Listing() =>
        Tool.Check(
                "/usr/bin/find", Root, "-mindepth", "1", "(", "-path", Root + "/var/lib/dpkg", "-o", "-path", Root + "/var/log", "-o", "-path", Root + "/var/cache", "-o", "-path", Root + "/proc", ")",
                "-prune", "-o", "-printf", "%P %y %m %l %s\\n")
            .Text.Split('\n').Where(static line => !line.Contains(" d ", StringComparison.Ordinal) || !line.StartsWith("var/", StringComparison.Ordinal))
            .Select(static line => line.Contains(" d ", StringComparison.Ordinal) ? line[..line.LastIndexOf(' ')] : line).Order(StringComparer.Ordinal).ToArray();

    public void Dispose() => _scratch.Dispose();
}
