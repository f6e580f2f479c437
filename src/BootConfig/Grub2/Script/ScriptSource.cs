namespace BlockRbd.BootConfig.Grub2;

/// <summary>One line of a script, without its newline.</summary>
/// <param name="Text">The characters, one a byte.</param>
/// <param name="Start">Where its first character stands.</param>
/// <param name="Fixed">Whether every character has <paramref name="Start"/> as its place: text that a command made.</param>
internal readonly record struct ScriptLine(string Text, ScriptPosition Start, bool Fixed)
{
    public ScriptPosition At(int column) => Fixed ? Start : Start.Right(column);
}

/// <summary>The lines of a script, with where each stands in the guest's files.</summary>
internal sealed class ScriptSource(IReadOnlyList<ScriptLine> lines)
{
    public IReadOnlyList<ScriptLine> Lines { get; } = lines;

    /// <summary>
    /// A file's lines as grub_file_getline and read_config_file give them: carriage returns are dropped, a line
    /// ends at a NUL, and lines that begin with # never reach the lexer, not even inside quotes.
    /// </summary>
    public static ScriptSource FromFile(string name, string content)
    {
        List<ScriptLine> lines = [];
        int number = 0;
        foreach (string raw in SplitLines(content))
        {
            number++;
            string line = raw.Contains('\r') ? raw.Replace("\r", "", StringComparison.Ordinal) : raw;
            int nul = line.IndexOf('\0', StringComparison.Ordinal);
            line = nul < 0 ? line : line[..nul];
            if (!line.StartsWith('#'))
            {
                lines.Add(new ScriptLine(line, new ScriptPosition(name, number, 1), Fixed: false));
            }
        }

        return new ScriptSource(lines);
    }

    /// <summary>Text that was made while running; all of it stands where the command is that made it.</summary>
    public static ScriptSource Made(string text, ScriptPosition position) =>
        new([.. text.Split('\n').Select(line => new ScriptLine(line, position, Fixed: true))]);

    /// <summary>This source with lines before it that a command made.</summary>
    public ScriptSource After(string text, ScriptPosition position) =>
        new([.. text.Split('\n').Select(line => new ScriptLine(line, position, Fixed: true)), .. Lines]);

    /// <summary>The whole text.</summary>
    public override string ToString() => string.Join('\n', Lines.Select(line => line.Text));

    // A file's last newline ends its last line, it doesn't begin another.
    private static IEnumerable<string> SplitLines(string content)
    {
        int start = 0;
        while (start < content.Length)
        {
            int end = content.IndexOf('\n', start);
            end = end < 0 ? content.Length : end;
            yield return content[start..end];
            start = end + 1;
        }
    }
}
