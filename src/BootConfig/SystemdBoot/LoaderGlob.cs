namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>Patterns of loader.conf: "*", "?", sets in brackets, and a backslash before what is meant as it is (src/boot/efi-string.c, efi_fnmatch).</summary>
internal static class LoaderGlob
{
    /// <summary>Whether a name matches a pattern. Work grows with the product of their lengths at most.</summary>
    public static bool Matches(string pattern, string name)
    {
        if (!Simple(pattern, 0, name, 0, out int p, out int n))
        {
            return false;
        }

        while (p >= 0)
        {
            // Behind a "*": what follows up to the next one must be somewhere, and at the end where none follows.
            if (Simple(pattern, p, name, n, out int nextPattern, out int nextName))
            {
                p = nextPattern;
                n = nextName;
            }
            else if (++n > name.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// efi_fnmatch_prefix: matches up to the pattern's next "*". <c>rest</c> is where the pattern goes on behind that; negative where it
    /// ended, and the name with it.
    /// </summary>
    private static bool Simple(string pattern, int p, string name, int n, out int rest, out int restName)
    {
        rest = -1;
        restName = n;
        for (; ; p++, n++)
        {
            if (p >= pattern.Length)
            {
                return n == name.Length;
            }

            switch (pattern[p])
            {
                case '*':
                    while (p < pattern.Length && pattern[p] == '*')
                    {
                        p++;
                    }

                    rest = p;
                    restName = n;
                    return true;
                case '\\':
                    p++;
                    if (p >= pattern.Length || n >= name.Length || pattern[p] != name[n])
                    {
                        return false;
                    }

                    break;
                case '?' when n < name.Length:
                    break;
                case '[' when n < name.Length && InSet(pattern, ref p, name[n]):
                    break;
                case '?' or '[':
                    return false;
                default:
                    if (n >= name.Length || pattern[p] != name[n])
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    /// <summary>A set, from its "[" to its "]"; one that isn't closed holds nothing.</summary>
    private static bool InSet(string pattern, ref int p, char c)
    {
        bool match = false;
        bool canRange = true;
        for (bool first = true; ; first = false)
        {
            p++;
            if (p >= pattern.Length)
            {
                return false;
            }

            if (pattern[p] == ']' && !first)
            {
                return match;
            }

            bool range = pattern[p] == '-' && canRange && !first && p + 1 < pattern.Length && pattern[p + 1] != ']';
            char low = range ? pattern[p - 1] : '\0';
            p += range ? 1 : 0;
            if (pattern[p] == '\\' && ++p >= pattern.Length)
            {
                return false;
            }

            match |= range ? low <= c && c <= pattern[p] : pattern[p] == c;
            canRange = !range; // Ranges can't be chained.
        }
    }
}
