using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Packages.Tests;

/// <summary>A tree in which the real rpm installs packages, with its books in /var/cache; scriptlets and triggers run inside.</summary>
internal sealed class RpmTree(CleanTree tree) : IDisposable
{
    private readonly ScratchFolder _made = new();

    /// <summary>One of rpm's programs, unpacked from Debian's packages.</summary>
    public static string Program(string name) => Path.Combine(Tool.Check(Repo.Below("fixtures", "tools", "get-packagers")).Text.Trim(), name);

    /// <summary>Makes a package of one file.</summary>
    public string Package(string name, string file, string provides)
    {
        string spec = _made[name + ".spec"];
        File.WriteAllText(spec, $"""
            Name: {name}
            Version: 1
            Release: 1
            Summary: {name}
            License: none
            BuildArch: noarch
            AutoReqProv: no
            Provides: {provides}
            %global __os_install_post %{"{nil}"}
            %description
            {name}
            %install
            mkdir -p %{"{buildroot}"}{Path.GetDirectoryName(file)}
            echo {name} > %{"{buildroot}"}{file}
            %files
            %dir {Path.GetDirectoryName(file)}
            {file}

            """);
        Tool.Check(
            Program("rpmbuild"), "-bb", "--quiet", "--define", $"_topdir {_made["top"]}", "--define", $"_rpmdir {_made["out"]}", "--define", $"_dbpath {_made["db"]}", spec);
        return _made[$"out/noarch/{name}-1-1.noarch.rpm"];
    }

    public void Install(params string[] packages) => Assert.Equal("", Run(["-i", .. packages]));

    public string Remove(string name) => Run("-e", name);

    /// <summary>What it says, which must succeed; without what Debian's says to everybody.</summary>
    public string Run(params string[] arguments)
    {
        ToolResult result = Tool.Run(Program("rpm"), ["--root", tree.Root, "--dbpath", "/var/cache/rpm", .. arguments]);
        Assert.True(result.ExitCode == 0, $"rpm {string.Join(' ', arguments)}: {result.ExitCode}\n{result.Text}\n{result.Error}");
        return string.Join('\n', (result.Text + result.Error).Split('\n').Where(static line => !line.StartsWith("rpm: ", StringComparison.Ordinal))).Trim();
    }

    public void Dispose() => _made.Dispose();
}
