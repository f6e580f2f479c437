namespace BlockRbd.Testing;

/// <summary>A real xenstored of its own, started by fixtures/xenstored/xenstored-up and ended with the object.</summary>
public sealed class XenStored : IDisposable
{
    private readonly string _folder;

    public XenStored()
    {
        // Short: a unix socket's path ends at 107 bytes.
        _folder = Directory.CreateTempSubdirectory("xsd-").FullName;
        Start();
    }

    /// <summary>XENSTORED_PATH for programs.</summary>
    public string Socket => Path.Combine(_folder, "socket");

    /// <summary>Makes nodes: pairs of path and value.</summary>
    public void Write(params (string Path, string Value)[] nodes) =>
        Tool("xenstore-write", nodes.SelectMany(static n => (string[])[n.Path, n.Value]));

    /// <summary>A node's value, or null.</summary>
    public string? Read(string path)
    {
        ToolResult result = Run("xenstore-read", [path]);
        return result.ExitCode == 0 ? result.Text.TrimEnd('\n') : null;
    }

    /// <summary>Runs one of the real xenstore-* programs, which must succeed.</summary>
    public string Tool(string program, IEnumerable<string> arguments)
    {
        ToolResult result = Run(program, arguments);
        return result.ExitCode == 0 ? result.Text : throw new InvalidOperationException($"{program}: {result.Error}");
    }

    /// <summary>Ends the daemon; <see cref="Start"/> gives an empty one at the same place.</summary>
    public void Stop() => Testing.Tool.Check(Repo.Below("fixtures", "xenstored", "xenstored-down"), _folder);

    public void Start()
    {
        Dictionary<string, string> environment = new() { ["XEN_ROOT"] = Root };
        ToolResult result = Testing.Tool.Run(
            Repo.Below("fixtures", "xenstored", "xenstored-up"), [_folder], TimeSpan.FromSeconds(60), environment);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"xenstored-up: {result.Error}");
        }
    }

    /// <summary>Has the daemon stand still until <see cref="Thaw"/>, or until what is returned is disposed of.</summary>
    public IDisposable Freeze()
    {
        Signal("-STOP");
        return new Frozen(this);
    }

    public void Thaw() => Signal("-CONT");

    public void Dispose() => Testing.Tool.Check(Repo.Below("fixtures", "xenstored", "xenstored-down"), _folder, "--purge");

    private void Signal(string signal) => Testing.Tool.Check("/bin/kill", signal, File.ReadAllText(Path.Combine(_folder, "pid")).Trim());

    private sealed class Frozen(XenStored store) : IDisposable
    {
        public void Dispose() => store.Thaw();
    }

    private static string Root => Path.GetFullPath(Path.Combine(Testing.Tool.Path("."), "..", "bookworm"));

    private ToolResult Run(string program, IEnumerable<string> arguments) => Testing.Tool.Run(
        Path.Combine(Root, "usr", "bin", program),
        arguments,
        TimeSpan.FromSeconds(60),
        new Dictionary<string, string>
        {
            ["XENSTORED_PATH"] = Socket,
            ["LD_LIBRARY_PATH"] = Path.Combine(Root, "usr", "lib", "x86_64-linux-gnu"),
        });
}
