using System.Diagnostics;

namespace BlockRbd.Testing;

/// <summary>What a finished program left.</summary>
public sealed record ToolResult(int ExitCode, byte[] Output, string Error)
{
    public string Text => System.Text.Encoding.Latin1.GetString(Output);
}

/// <summary>Runs the real tools: the machine's own, or those that fixtures/tools/get-tools unpacked.</summary>
public static class Tool
{
    private static readonly Lazy<string> Bin = new(GetTools);

    /// <summary>The path of an unpacked tool; fetches all of them first where that has not happened yet.</summary>
    public static string Path(string name) => System.IO.Path.Combine(Bin.Value, name);

    /// <summary>Runs a program to its end. Standard input is empty.</summary>
    public static ToolResult Run(string program, params string[] arguments) => Run(program, arguments, TimeSpan.FromMinutes(10));

    public static ToolResult Run(string program, IEnumerable<string> arguments, TimeSpan limit, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Repo.Top,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using MemoryStream output = new();
        Task reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end within {limit}");
        }

        reading.Wait();
        return new ToolResult(process.ExitCode, output.ToArray(), errors.Result);
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static ToolResult Check(string program, params string[] arguments)
    {
        ToolResult result = Run(program, arguments);
        return result.ExitCode == 0
            ? result
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Text}\n{result.Error}");
    }

    private static string GetTools()
    {
        Check(Repo.Below("fixtures", "tools", "get-tools"));
        return System.IO.Path.Combine(Environment.GetEnvironmentVariable("TOOLS_DIR") ?? Repo.Below("artifacts", "tools"), "bin");
    }
}
