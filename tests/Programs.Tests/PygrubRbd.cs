using System.Diagnostics;
using BlockRbd.Testing;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace BlockRbd.Programs.Tests;

/// <summary>The program under test as a process: the native one that PYGRUB_RBD names, or what the build left.</summary>
internal static class PygrubRbd
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    public static string Path { get; } =
        Environment.GetEnvironmentVariable("PYGRUB_RBD") ?? Repo.Below("artifacts", "bin", "BootExtract", "release", "pygrub-rbd");

    public static ToolResult Run(params string[] arguments) => Run(NoEnvironment, arguments);

    public static ToolResult Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Tool.Run(Path, arguments, TimeSpan.FromMinutes(2), environment);

    /// <summary>Runs a shell line in which $P is the program and $1... are <paramref name="arguments"/>.</summary>
    public static ToolResult Shell(string line, params string[] arguments) => Tool.Run(
        "/bin/bash", ["-c", line, "bash", .. arguments], TimeSpan.FromMinutes(2), new Dictionary<string, string> { ["P"] = Path });

    /// <summary>Starts it without waiting.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static string Disk(string name) => TestImages.Image("boot", name);

    /// <summary>What a file on the test disks was made of.</summary>
    public static byte[] Payload(string name) => File.ReadAllBytes(System.IO.Path.Combine(TestImages.Folder("boot"), "payload", name));

    /// <summary>The values of a simple0 answer: "kernel", "ramdisk", "args".</summary>
    public static Dictionary<string, string> Answer(ToolResult result)
    {
        Xunit.Assert.True(result.ExitCode == 0, result.Error);
        Xunit.Assert.EndsWith("\0\0", result.Text);
        return result.Text[..^2].Split('\0').ToDictionary(part => part.Split(' ')[0], part => part[(part.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    /// <summary>Waits until something is so.</summary>
    public static void WaitFor(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Xunit.Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "it did not come about within 60 s");
            Thread.Sleep(2);
        }
    }
}
