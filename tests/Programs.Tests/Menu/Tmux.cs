using System.Diagnostics;
using BlockRbd.Testing;
using Xunit;

namespace BlockRbd.Programs.Tests.Menu;

/// <summary>A real terminal, 80 by 24: a tmux server of its own with one shell line in it.</summary>
internal sealed class Tmux : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly string _locale;

    public Tmux(string line, string locale = "C")
    {
        _locale = locale;
        Run("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", $"exec 9> {Alive}; flock --shared 9; {line}; exec sleep 600");
    }

    // Locked as long as the shell, or what it started, lives.
    private string Alive => Path.Combine(_folder.Path, "alive");

    /// <summary>Types keys, by tmux's names or as they are.</summary>
    public void Type(params string[] keys) => Run(["send-keys", .. keys]);

    /// <summary>The screen once it has a text; blanks and empty lines at ends are cut off.</summary>
    public string Screen(string text)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            string screen = string.Join('\n', Run("capture-pane", "-p").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');
            if (screen.Contains(text, StringComparison.Ordinal))
            {
                return screen;
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"\"{text}\" did not come within 60 s:\n{screen}");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        Run("kill-server");
        Tool.Check("/usr/bin/flock", "--timeout", "60", Alive, "true"); // the program takes its files back before the test does
        _folder.Dispose();
    }

    private string Run(params string[] arguments)
    {
        ToolResult result = Tool.Run(
            Tool.Path("tmux"), ["-u", "-S", Path.Combine(_folder.Path, "tmux"), .. arguments], TimeSpan.FromMinutes(1),
            new Dictionary<string, string> { ["LC_ALL"] = _locale, ["TERM"] = "xterm", ["TMUX"] = "" });
        Assert.True(result.ExitCode == 0, result.Error);
        return System.Text.Encoding.UTF8.GetString(result.Output);
    }
}
