namespace BlockRbd.MenuLstGen.Output;

/// <summary>The part of a menu.lst that is this program's. Everything else in the file is kept as it is, byte for byte.</summary>
internal static class MarkedBlock
{
    /// <summary>The line that it begins with.</summary>
    public const string Begin = "### BEGIN MENULST-GEN: what stands between here and the end mark is replaced each time";

    /// <summary>The line that it ends with.</summary>
    public const string End = "### END MENULST-GEN";

    // By these the lines are known, whatever stands behind.
    private const string BeginMark = "### BEGIN MENULST-GEN";
    private const string EndMark = "### END MENULST-GEN";

    /// <summary>Whether a text has a line that would be taken for one of the marks.</summary>
    public static bool HasMark(string text) => Lines(text).Any(static line => line.StartsWith(BeginMark, StringComparison.Ordinal) || line.StartsWith(EndMark, StringComparison.Ordinal));

    /// <summary>The block alone.</summary>
    public static string Of(string menu) => $"{Begin}\n{menu}{End}\n";

    /// <summary>
    /// A file with the block in place of the one it has. GRUB legacy takes <c>default</c> for a command of the menu only before the first title: there
    /// a new block goes, and one that stands behind a title is moved there.
    /// </summary>
    /// <param name="old">The file's text, one character a byte.</param>
    /// <param name="menu">What goes between the marks.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="GenException">The marks in it don't make one block.</exception>
    public static string Replace(string old, string menu, string name)
    {
        List<string> lines = Lines(old);
        List<int> begins = [.. Where(lines, BeginMark)];
        List<int> ends = [.. Where(lines, EndMark)];
        int at;
        switch (begins, ends)
        {
            case ([], []):
                at = FirstTitle(lines);
                break;
            case ([int begin], [int end]) when begin < end:
                lines.RemoveRange(begin, end - begin + 1);
                at = Math.Min(begin, FirstTitle(lines));
                break;
            default:
                throw new GenException(
                    ExitCode.OutputError,
                    $"{name}: {begins.Count} lines \"{BeginMark}\" and {ends.Count} lines \"{EndMark}\", not one of each in this order: mend them by hand, nothing was written");
        }

        if (at > 0 && !lines[at - 1].EndsWith('\n'))
        {
            lines[at - 1] += "\n";
        }

        lines.Insert(at, Of(menu));
        return string.Concat(lines);
    }

    /// <summary>Whether lines outside of the block set what the block sets; for the note that says who wins.</summary>
    public static bool SetsMenuElsewhere(string old)
    {
        List<string> lines = Lines(old);
        int begin = lines.FindIndex(line => line.StartsWith(BeginMark, StringComparison.Ordinal));
        int end = lines.FindIndex(line => line.StartsWith(EndMark, StringComparison.Ordinal));
        return lines.Where((_, i) => begin < 0 || i < begin || i > end).TakeWhile(line => !IsCommand(line, "title"))
            .Any(line => IsCommand(line, "default") || IsCommand(line, "timeout") || IsCommand(line, "fallback"));
    }

    private static int FirstTitle(List<string> lines)
    {
        int at = lines.FindIndex(line => IsCommand(line, "title"));
        return at < 0 ? lines.Count : at;
    }

    private static bool IsCommand(string line, string command)
    {
        string text = line.TrimStart(' ', '\t');
        return text.StartsWith(command, StringComparison.Ordinal) && text.Length > command.Length && text[command.Length] is ' ' or '\t' or '=' or '\n' or '\r';
    }

    /// <summary>Lines with their ends.</summary>
    private static List<string> Lines(string text)
    {
        List<string> lines = [];
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) is >= 0 and int newline ? newline + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static IEnumerable<int> Where(List<string> lines, string mark) =>
        Enumerable.Range(0, lines.Count).Where(i => lines[i].StartsWith(mark, StringComparison.Ordinal));
}
