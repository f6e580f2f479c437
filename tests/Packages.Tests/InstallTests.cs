using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Packages.Tests;

/// <summary>make install and make uninstall, below DESTDIR.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Installing_puts_everything_that_is_listed_below_DESTDIR_and_the_unit_runs_the_installed_program()
    {
        ToolResult result = Install();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Listed().Length, Installed().Length);
        Assert.Equal("/usr/bin/block-rbd", new FileInfo(_scratch["root/etc/xen/scripts/block-rbd"]).LinkTarget);
        Assert.Contains("\nExecStart=/usr/bin/block-rbd recover ", File.ReadAllText(_scratch["root/usr/lib/systemd/system/block-rbd-recover.service"]), StringComparison.Ordinal);
        Assert.True(File.Exists(_scratch["root/usr/share/man/man5/block-rbd.conf.5"]));
    }

    [Fact]
    public void Uninstalling_leaves_nothing_but_what_was_changed()
    {
        Install();
        Assert.Equal(0, Install("remove").ExitCode);
        Assert.Empty(Installed());
        Install();
        File.AppendAllText(_scratch["root/etc/xen/block-rbd.conf"], "timeout = 20\n");
        ToolResult again = Install();
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.EndsWith("timeout = 20\n", File.ReadAllText(_scratch["root/etc/xen/block-rbd.conf"]));
        Assert.Contains("block-rbd.conf was changed and stays", Install("remove").Error, StringComparison.Ordinal);
        Assert.Equal(["etc/xen/block-rbd.conf"], Installed());
    }

    [Fact]
    public void Without_scdoc_installing_leaves_out_the_manual_pages_and_says_so()
    {
        Assert.SkipWhen(File.Exists("/usr/bin/scdoc"), "scdoc is installed on this machine");
        ToolResult result = Tool.Run(Repo.Below("build", "install"), [], TimeSpan.FromMinutes(1), Environment(_scratch["no-tools"]));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("no manual pages, because scdoc is not there", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_scratch["root/usr/bin/block-rbd"]));
        Assert.False(Directory.Exists(_scratch["root/usr/share/man"]));
    }

    [Fact]
    public void The_link_for_a_bootloader_without_a_path_is_in_the_folder_of_each_Xen_and_of_nothing_else()
    {
        string[] folders = ["usr/lib/xen-4.17/bin", "usr/lib/xen-4.20/bin", "usr/libexec/xen/bin", "usr/lib/xen-common/bin"];
        foreach (string folder in folders)
        {
            Directory.CreateDirectory(_scratch[folder]);
            File.WriteAllText(_scratch[folder + "/libxl-save-helper"], "");
        }

        Links("add");
        Assert.Equal([true, true, true, false], folders.Select(folder => new FileInfo(_scratch[folder + "/pygrub-rbd"]).LinkTarget == "/usr/bin/pygrub-rbd"));
        File.Delete(_scratch[folders[0] + "/libxl-save-helper"]); // this Xen goes
        File.Delete(_scratch[folders[1] + "/pygrub-rbd"]);
        File.WriteAllText(_scratch[folders[1] + "/pygrub-rbd"], "somebody's own");
        Links("add");
        Assert.False(Directory.Exists(_scratch["usr/lib/xen-4.17"]));
        Links("remove");
        Assert.Equal("somebody's own", File.ReadAllText(_scratch[folders[1] + "/pygrub-rbd"]));
        Assert.False(Path.Exists(_scratch[folders[2] + "/pygrub-rbd"]));
    }

    private static string[] Listed() => [.. File.ReadLines(Repo.Below("packaging", "files")).Where(static line => line.Length > 0 && line[0] != '#')];

    private string[] Installed() => Directory.Exists(_scratch["root"])
        ? [.. Directory.EnumerateFiles(_scratch["root"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_scratch["root"], f)).Order()]
        : [];

    private void Links(string word) => Assert.Equal("", Tool.Run(
        Repo.Below("packaging", "xen-links"), [word], TimeSpan.FromMinutes(1), new Dictionary<string, string> { ["XEN_LINKS_ROOT"] = _scratch.Path }).Error);

    private ToolResult Install(params string[] words)
    {
        Tool.Path("scdoc");
        return Tool.Run(Repo.Below("build", "install"), words, TimeSpan.FromMinutes(1), Environment(Path.GetDirectoryName(Path.GetDirectoryName(Tool.Path("scdoc")))!));
    }

    private Dictionary<string, string> Environment(string tools)
    {
        BuiltPrograms.Path("block-rbd");
        return new() { ["DESTDIR"] = _scratch["root"], ["PREFIX"] = "/usr", ["PATH"] = "/usr/bin:/bin", ["TOOLS_DIR"] = tools };
    }
}
