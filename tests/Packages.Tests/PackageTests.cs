using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Packages.Tests;

/// <summary>The packages: what is in them, and in clean Debian trees that they install, work and go without a trace.</summary>
public sealed class PackageTests
{
    private static readonly Lazy<string> Debian = new(static () => Build("package-deb"));
    private static readonly Lazy<string> Rpm = new(static () => Build("package-rpm"));

    [Fact]
    public void Two_builds_are_the_same_bytes()
    {
        Assert.Equal(File.ReadAllBytes(Debian.Value), File.ReadAllBytes(Build("package-deb")));
        Assert.Equal(File.ReadAllBytes(Rpm.Value), File.ReadAllBytes(Build("package-rpm")));
    }

    [Fact]
    public void The_rpm_has_the_files_of_the_deb()
    {
        string[] debian = [.. Tool.Check("/bin/sh", "-c", $"dpkg-deb --fsys-tarfile {Debian.Value} | tar -t").Text.Split('\n').Where(static name => !name.EndsWith('/') && name.Length > 0).Select(static name => name[1..])];
        string rpm = Path.Combine(Tool.Check(Repo.Below("fixtures", "tools", "get-packagers")).Text.Trim(), "rpm");
        string[] other = [.. Tool.Check(rpm, "-qpl", Rpm.Value).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(Comparable(debian), Comparable(other));

        static string[] Comparable(string[] names) =>
            [.. names.Where(static n => !n.StartsWith("/usr/share/doc/", StringComparison.Ordinal)).Select(static n => n.Replace("vendor-completions", "site-functions", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    [Theory, InlineData("bookworm"), InlineData("trixie")]
    public void Installed_used_and_purged(string suite)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: a tree is entered by chroot");
        using CleanTree tree = new(suite);
        string package = tree.Bring(Debian.Value);
        string disk = tree.Bring(TestImages.Image("boot", "msdos"));
        string[] xen = tree.BringXen();
        string utils = xen.Select(static deb => Path.GetFileName(deb).Split('_')[0]).Single(static name => name != "xen-utils-common");

        // A Xen that was there before. Its own dependencies are not: only its folders count here.
        tree.Check($"dpkg --force-depends --unpack {string.Join(' ', xen)}");
        string[] before = tree.Listing();
        string folder = Path.GetDirectoryName(Directory.GetFiles(Path.Combine(tree.Root, "usr", "lib"), "pygrub", SearchOption.AllDirectories).Single(static path => path.EndsWith("/bin/pygrub", StringComparison.Ordinal)))!;
        string link = Path.Combine(folder, "pygrub-rbd");
        Assert.False(File.Exists(link));

        // Nothing but what a minimal Debian has is needed.
        tree.Check($"dpkg --install {package}");
        Assert.Equal("/usr/bin/pygrub-rbd", new FileInfo(link).LinkTarget);
        Used(tree, disk, link);

        // The Xen goes, and another comes: the links follow.
        tree.Check($"dpkg --force-depends --purge {utils}");
        Assert.False(Directory.Exists(folder), $"{folder} is left: {string.Join(' ', Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [])}");
        tree.Check($"dpkg --force-depends --unpack {string.Join(' ', xen)}");
        Assert.Equal("/usr/bin/pygrub-rbd", new FileInfo(link).LinkTarget);

        // What an administrator changed outlives an upgrade and a removal, and no purge.
        string conf = Path.Combine(tree.Root, "etc", "xen", "block-rbd.conf");
        File.AppendAllText(conf, "timeout = 21\n");
        tree.Check($"dpkg --install {package}");
        Assert.Contains("21", tree.Check("block-rbd resolve rbd/guest"), StringComparison.Ordinal);
        tree.Check("dpkg --remove block-rbd");
        Assert.True(File.Exists(conf));
        Assert.False(File.Exists(link));
        tree.Check("dpkg --purge block-rbd");
        Assert.Equal(before, tree.Listing());
    }

    private static void Used(CleanTree tree, string disk, string link)
    {
        string version = Tool.Check(Repo.Below("build", "version"), "number").Text.Trim();
        foreach (string program in (string[])["block-rbd", "pygrub-rbd", "menulst-gen"])
        {
            Assert.Contains(version, tree.Check($"{program} --version"), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(tree.Root, "usr", "share", "man", "man8", program + ".8.gz")));
        }

        // As libxl calls its bootloader: by the link in its own folder.
        string seen = link[tree.Root.Length..];
        tree.Check($"mkdir /run/out && {seen} -q --output=/run/answer --output-format=simple0 --output-directory=/run/out {disk}");
        byte[] kernel = File.ReadAllBytes(Directory.GetFiles(Path.Combine(tree.Root, "run", "out"), "boot_kernel.*").Single());
        Assert.Contains(Directory.GetFiles(Path.Combine(TestImages.Folder("boot"), "payload")), file => File.ReadAllBytes(file).AsSpan().SequenceEqual(kernel));
        tree.Check("rm -r /run/out /run/answer");
        Assert.Contains("title", tree.Check($"menulst-gen {disk} 2> /dev/null"), StringComparison.Ordinal);

        // As libxl calls its script: here there is no xenstore, which it has to say.
        ToolResult script = tree.Run("XENBUS_PATH=backend/vbd/1/51712 /etc/xen/scripts/block-rbd add");
        Assert.Equal(7, script.ExitCode);
        Assert.Contains("xenstore", script.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(tree.Root, "etc", "systemd", "system", "multi-user.target.wants", "block-rbd-recover.service"))
            || new FileInfo(Path.Combine(tree.Root, "etc", "systemd", "system", "multi-user.target.wants", "block-rbd-recover.service")).LinkTarget is not null);
    }

    /// <summary>A package, built into a folder that goes with the test process.</summary>
    private static string Build(string script)
    {
        BuiltPrograms.Path("block-rbd");
        ScratchFolder folder = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return Tool.Check(Repo.Below("build", script), folder.Path).Text.Trim();
    }
}
