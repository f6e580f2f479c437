namespace BlockRbd.BootConfig.Grub2;

/// <summary>File names for unquoted <c>*</c> and <c>?</c>, as grub-core/commands/wildcard.c finds them.</summary>
internal static class Wildcards
{
    /// <summary>The names that a pattern matches.</summary>
    /// <param name="machine">Where the files are.</param>
    /// <param name="pattern">A word in which a backslash stands before each character that means itself.</param>
    /// <param name="position">The word's place.</param>
    /// <returns>Null where it is no path, or nothing matches: the word then stays as it is.</returns>
    public static List<string>? Expand(GrubMachine machine, string pattern, ScriptPosition position)
    {
        if (pattern is not ['/' or '(' or '*', ..])
        {
            return null;
        }

        List<string>? paths = null;
        bool hadWildcard = false;
        int start = 0;
        while (start < pattern.Length)
        {
            (int plainEnd, int end) = SplitPath(pattern, start);
            if (plainEnd == end)
            {
                string rest = WordExpander.Unescape(pattern[start..end], machine.KeepsHexEscapes);
                paths = paths is null ? [rest] : AppendPlain(machine, paths, rest, hadWildcard);
            }
            else
            {
                hadWildcard = true;
                paths = ExpandPart(machine, paths, pattern[start..plainEnd], pattern[plainEnd..end], position);
            }

            if (paths.Count == 0)
            {
                return null;
            }

            start = end;
        }

        return paths;
    }

    /// <summary>Cuts off the next piece: folders without a wildcard, then one name with one (or none at the end).</summary>
    private static (int PlainEnd, int End) SplitPath(string text, int start)
    {
        int split = start;
        int end = start;
        bool wild = false;
        for (; end < text.Length; end++)
        {
            char c = text[end];
            if (c == '\\' && end + 1 < text.Length)
            {
                end++;
            }
            else if (c is '*' or '?')
            {
                wild = true;
            }
            else if (c == '/' && wild)
            {
                break;
            }
            else if (c == '/')
            {
                split = end + 1;
            }
        }

        end = Math.Min(end, text.Length);
        return (wild ? split : end, end);
    }

    private static List<string> ExpandPart(
        GrubMachine machine, List<string>? paths, string plain, string pattern, ScriptPosition position)
    {
        string folder = WordExpander.Unescape(plain, machine.KeepsHexEscapes);
        if (paths is null)
        {
            // Without a slash before it the device itself is what matches.
            return plain.Length == 0
                ? MatchDevices(machine, pattern, position, wholeDisks: pattern[0] != '(')
                : MatchFiles(machine, folder, pattern, position);
        }

        List<string> found = [];
        foreach (string path in paths)
        {
            found.AddRange(MatchFiles(machine, path + folder, pattern, position));
            machine.CheckWordLength(found.Count, position);
        }

        return found;
    }

    private static List<string> MatchDevices(GrubMachine machine, string pattern, ScriptPosition position, bool wholeDisks)
    {
        List<string> found = [];
        foreach (IBootVolume volume in machine.Host.Volumes)
        {
            string name = $"({volume.GrubName})";
            machine.Charge(name.Length, position);
            if (!(wholeDisks && name.Contains(',')) && Matches(pattern, name))
            {
                found.Add(name);
            }
        }

        return found;
    }

    private static List<string> MatchFiles(GrubMachine machine, string folder, string pattern, ScriptPosition position)
    {
        List<string> found = [];
        foreach (string name in machine.ListQuietly(folder, position) ?? [])
        {
            machine.Charge(name.Length, position);
            if (Matches(pattern, name))
            {
                found.Add(folder + name);
            }
        }

        return found;
    }

    /// <summary>What stands behind a wildcard's name must be there too, or the path is dropped.</summary>
    private static List<string> AppendPlain(GrubMachine machine, List<string> paths, string rest, bool check)
    {
        List<string> kept = [];
        foreach (string path in paths)
        {
            string whole = path + rest;
            if (!check || machine.ExistsQuietly(whole))
            {
                kept.Add(whole);
            }
        }

        return kept;
    }

    /// <summary>Whether a whole name fits; work is bounded by the product of the lengths.</summary>
    internal static bool Matches(string pattern, string name)
    {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
                continue;
            }

            int length = p < pattern.Length && pattern[p] == '\\' && p + 1 < pattern.Length ? 2 : 1;
            if (p < pattern.Length && ((length == 1 && pattern[p] == '?') || pattern[p + length - 1] == name[n]))
            {
                p += length;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }
}
