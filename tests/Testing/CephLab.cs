using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace BlockRbd.Testing;

/// <summary>
/// A real Ceph cluster, one for the test process: started when the first test asks for it, gone when the process is, however that ends.
/// </summary>
public static class CephLab
{
    private static readonly Lazy<string> Lazy = new(Start);
    private static Process? _keeper;

    /// <summary>The cluster's folder: ceph.conf, keyring, client keyrings, run/ with the daemons' process numbers and sockets.</summary>
    public static string Folder => Lazy.Value;

    /// <summary>The cluster's ceph.conf; key of client.admin within.</summary>
    public static string Conf => Path.Combine(Folder, "ceph.conf");

    /// <summary>Pools that the cluster has.</summary>
    public static IReadOnlyList<string> Pools { get; } = ["rbd", "other"];

    /// <summary>PATH, libraries and configuration, for programs of Ceph and for ours.</summary>
    public static IReadOnlyDictionary<string, string> Environment => LazyEnvironment.Value;

    private static readonly Lazy<IReadOnlyDictionary<string, string>> LazyEnvironment = new(ReadEnvironment);

    /// <summary>Runs rbd, rados or ceph, which must succeed. Takes one line, split at blanks.</summary>
    public static string Run(string line)
    {
        ToolResult result = TryRun(line);
        return result.ExitCode == 0 ? result.Text : throw new InvalidOperationException($"{line} ended with {result.ExitCode}: {result.Text}{result.Error}");
    }

    /// <summary>Runs rbd, rados or ceph.</summary>
    public static ToolResult TryRun(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Tool.Run(Program(words[0]), words[1..], TimeSpan.FromMinutes(1), Environment);
    }

    /// <summary>Stops a daemon, "osd" or "mon", until what is returned is disposed of. Only in tests that run alone.</summary>
    public static IDisposable Freeze(string daemon) => new Frozen(File.ReadAllText(Path.Combine(Folder, "run", daemon + ".pid")).Trim());

    /// <summary>The path of one of Ceph's programs.</summary>
    public static string Program(string name) =>
        Environment["PATH"].Split(':').Select(folder => Path.Combine(folder, name)).First(File.Exists);

    /// <summary>Makes librados and librbd loadable by name in this process, which was started without the cluster's environment.</summary>
    public static void LoadLibraries()
    {
        string folder = Environment.TryGetValue("CEPH_ROOT", out string? root) ? $"{root}/usr/lib/{Architecture}-linux-gnu" : "";
        if (folder.Length == 0)
        {
            return;
        }

        // Each needs others of the same folder, which the loader only finds once they are in: so again until no more can be.
        string listing = Tool.Run("/usr/bin/ldd", [Path.Combine(folder, "librbd.so.1")], TimeSpan.FromMinutes(1), Environment).Text;
        List<string> paths = [.. listing.Split('\n').Select(static line => line.Split("=> ")).Where(static parts => parts.Length == 2)
            .Select(static parts => parts[1].Split(" (")[0].Trim()).Where(path => path.StartsWith(root!, StringComparison.Ordinal)), Path.Combine(folder, "librbd.so.1")];
        while (paths.Count > 0)
        {
            Assert.NotEqual(0, paths.RemoveAll(static path => NativeLibrary.TryLoad(path, out _)));
        }
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";

    private static string Start()
    {
        string root = Tool.Check(Repo.Below("fixtures", "tools", "get-ceph")).Text.Trim();
        string folder = Directory.CreateTempSubdirectory("ceph-lab-").FullName;
        ProcessStartInfo start = new(Repo.Below("fixtures", "ceph", "ceph-while-open"), [folder, .. Pools])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        start.Environment["CEPH_ROOT"] = root;
        _keeper = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Stop();
        List<string> said = [];
        while (_keeper.StandardOutput.ReadLine() is { } line)
        {
            if (line == "ready")
            {
                return folder;
            }

            said.Add(line);
        }

        throw new InvalidOperationException("the cluster did not start:\n" + string.Join('\n', said));
    }

    private static void Stop()
    {
        _keeper!.StandardInput.Close();
        _keeper.WaitForExit(TimeSpan.FromSeconds(20));
    }

    private static Dictionary<string, string> ReadEnvironment()
    {
        ToolResult result = Tool.Check("/bin/sh", "-c", $". '{Folder}/env' && exec env -0");
        return result.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(static entry => entry.Split('=', 2))
            .Where(static entry => entry[0] is "PATH" or "LD_LIBRARY_PATH" or "PYTHONPATH" or "QEMU_MODULE_DIR" or "CEPH_CONF" or "CEPH_ROOT")
            .ToDictionary(static entry => entry[0], static entry => entry[1], StringComparer.Ordinal);
    }

    private sealed class Frozen : IDisposable
    {
        private readonly string _pid;

        public Frozen(string pid)
        {
            _pid = pid;
            Tool.Check("/bin/kill", "-STOP", pid);
        }

        public void Dispose() => Tool.Check("/bin/kill", "-CONT", _pid);
    }
}
