namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>Keys and values as systemd-boot reads them in loader.conf and entry files (src/boot/efi-string.c, line_get_key_value).</summary>
internal static class LoaderLines
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Each line's key and value. Empty lines, comments and keys without a value are passed over; quotes around a value are taken off.</summary>
    public static IEnumerable<(string Key, string Value)> Read(string text)
    {
        int nul = text.IndexOf('\0', StringComparison.Ordinal); // It ends a C string.
        foreach (string line in (nul < 0 ? text : text[..nul]).Split('\n', '\r'))
        {
            string clean = line.Trim(Blanks);
            int end = clean.IndexOfAny(Blanks);
            if (clean is ['#', ..] || end < 0)
            {
                continue;
            }

            string value = clean[end..].TrimStart(Blanks);
            yield return (clean[..end], value is ['"', .., '"'] or ['\'', .., '\''] && value[0] == value[^1] ? value[1..^1] : value);
        }
    }
}
