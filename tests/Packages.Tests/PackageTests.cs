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
        string[] other = [.. Tool.Check(RpmTree.Program("rpm"), "-qp", "--queryformat", "[%{FILEMODES:perms} %{FILENAMES}\n]", Rpm.Value).Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != 'd').Select(static line => line.Split(' ')[1])];
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

    [Fact]
    public void The_rpm_installed_used_and_removed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: a tree is entered by chroot");
        using CleanTree tree = new("bookworm");
        using RpmTree rpm = new(tree);
        string disk = tree.Bring(TestImages.Image("boot", "msdos"));
        const string Link = "/usr/libexec/xen/bin/pygrub-rbd";
        string xen = rpm.Package("xen", "/usr/libexec/xen/bin/libxl-save-helper", provides: "xen");
        string other = rpm.Package("xen-other", "/usr/lib/xen/bin/libxl-save-helper", provides: "xen");
        // What a minimal system of that kind has; nothing else is asked for.
        rpm.Install(rpm.Package("base", "/usr/share/base", provides: "/bin/sh, coreutils, grep, libc.so.6(GLIBC_2.34)(64bit), libm.so.6()(64bit)"), xen);
        tree.Check("printf '#!/bin/sh\\necho \"$@\" >> /var/log/systemctl\\n' > /usr/bin/systemctl && chmod 755 /usr/bin/systemctl"); // no systemd runs here
        string[] before = tree.Listing();

        rpm.Install(Rpm.Value);
        Assert.Equal("", rpm.Run("-V", "block-rbd"));
        Assert.Equal("/usr/bin/pygrub-rbd", new FileInfo(tree.Root + Link).LinkTarget);
        Assert.Equal("--no-reload enable block-rbd-recover.service\n", tree.Check("cat /var/log/systemctl; rm /var/log/systemctl"));
        Works(tree, disk, tree.Root + Link);

        // Another Xen comes, and one goes: the links follow.
        rpm.Install(other);
        Assert.True(File.Exists(tree.Root + "/usr/lib/xen/bin/pygrub-rbd"));
        rpm.Remove("xen-other");
        Assert.False(Path.Exists(tree.Root + "/usr/lib/xen"), "a link is left");

        // What an administrator changed outlives an upgrade, and a removal under rpm's name for it.
        string conf = Path.Combine(tree.Root, "etc", "xen", "block-rbd.conf");
        File.AppendAllText(conf, "timeout = 21\n");
        rpm.Run("-U", "--force", Rpm.Value);
        Assert.Contains("21", tree.Check("block-rbd resolve rbd/guest"), StringComparison.Ordinal);
        Assert.True(File.Exists(tree.Root + Link));
        Assert.Equal("", tree.Check("cat /var/log/systemctl 2> /dev/null || :")); // an upgrade enables nothing that was disabled
        tree.Check("mkdir -p /run/block-rbd && touch /run/block-rbd/backend-vbd-1-51712.json");
        Assert.Contains("can't be detached without it", rpm.Remove("block-rbd"), StringComparison.Ordinal);
        Assert.Equal("--no-reload disable block-rbd-recover.service\n", tree.Check("cat /var/log/systemctl"));
        Assert.EndsWith("timeout = 21\n", File.ReadAllText(conf + ".rpmsave"));
        tree.Check("rm -r /run/block-rbd /etc/xen/block-rbd.conf.rpmsave");
        // Folders that other packages have too are not taken away.
        string[] after = tree.Listing();
        string[] left = [.. after.Except(before).Where(static line => !line.Contains(" d ", StringComparison.Ordinal))];
        string[] gone = [.. before.Except(after)];
        Assert.True(left.Length + gone.Length == 0, $"left: {string.Join(", ", left)}; gone: {string.Join(", ", gone)}");
        Assert.False(Path.Exists(tree.Root + "/usr/lib/block-rbd"));
        Assert.False(Path.Exists(tree.Root + "/usr/share/doc/block-rbd"));
    }

    private static void Used(CleanTree tree, string disk, string link)
    {
        Works(tree, disk, link);
        string wanted = Path.Combine(tree.Root, "etc", "systemd", "system", "multi-user.target.wants", "block-rbd-recover.service");
        Assert.True(File.Exists(wanted) || new FileInfo(wanted).LinkTarget is not null);
    }

    private static void Works(CleanTree tree, string disk, string link)
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
