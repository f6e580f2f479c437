using System.Diagnostics;
using BlockRbd.Testing;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace BlockRbd.MenuLstGen.Tests;

/// <summary>The program under test as a process: the native one that MENULST_GEN names, or what the build left.</summary>
internal static class MenuLstProgram
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("MENULST_GEN") ?? Repo.Below("artifacts", "bin", "MenuLstGen", "release", "menulst-gen");

    public static ToolResult Run(params string[] arguments) => Tool.Run(Path, arguments, TimeSpan.FromMinutes(2));

    /// <summary>Runs a shell line in which $P is the program and $1... are <paramref name="arguments"/>.</summary>
    public static ToolResult Shell(string line, params string[] arguments) => Tool.Run(
        "/bin/bash", ["-c", line, "bash", .. arguments], TimeSpan.FromMinutes(2), new Dictionary<string, string> { ["P"] = Path });

    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static string Disk(string name) => TestImages.Image("boot", name);

    /// <summary>What a file on the test disks was made of.</summary>
    public static byte[] Payload(string name) => File.ReadAllBytes(System.IO.Path.Combine(TestImages.Folder("boot"), "payload", name));
}
