namespace BlockRbd.BootConfig;

/// <summary>os-release(5): variables of a shell, one a line.</summary>
internal static class OsRelease
{
    /// <summary>The variables; of one that is there twice, the last.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> variables = [];
        foreach (string line in text.Split('\n'))
        {
            string clean = line.Trim(' ', '\t', '\r');
            int equals = clean.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && clean[0] != '#')
            {
                variables[clean[..equals]] = Unquote(clean[(equals + 1)..]);
            }
        }

        return variables;
    }

    private static string Unquote(string value) =>
        value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : value;
}
