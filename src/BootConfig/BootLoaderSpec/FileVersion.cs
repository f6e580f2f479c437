namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>
/// gnulib's filevercmp (2022 on), which GRUB 2.14 sorts entry files by: Debian's version order, a file suffix counting last.
/// </summary>
internal static class FileVersion
{
    /// <summary>Less than, equal to or greater than zero.</summary>
    public static int Compare(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return left.Length.CompareTo(right.Length);
        }

        // "." sorts first, then "..", then other names that begin with a dot; suffixes don't matter to those three steps.
        if (left[0] == '.' || right[0] == '.')
        {
            int hidden = CompareHidden(left, right);
            if (hidden != 0 || left == right)
            {
                return hidden;
            }
        }

        ReadOnlySpan<char> leftPrefix = left.AsSpan(0, PrefixLength(left));
        ReadOnlySpan<char> rightPrefix = right.AsSpan(0, PrefixLength(right));
        int result = CompareVersions(leftPrefix, rightPrefix);
        return result != 0 || (leftPrefix.Length == left.Length && rightPrefix.Length == right.Length)
            ? result
            : CompareVersions(left, right);
    }

    private static int CompareHidden(string left, string right)
    {
        int leftRank = HiddenRank(left);
        int rightRank = HiddenRank(right);
        return leftRank.CompareTo(rightRank);
    }

    private static int HiddenRank(string name) => name switch { "." => 0, ".." => 1, ['.', ..] => 2, _ => 3 };

    /// <summary>Length without the longest suffix of the form (\.[A-Za-z~][A-Za-z0-9~]*)*, but never nothing.</summary>
    private static int PrefixLength(string name)
    {
        int prefix = 0;
        for (int i = 0; i < name.Length;)
        {
            i++;
            prefix = i;
            while (i + 1 < name.Length && name[i] == '.' && (char.IsAsciiLetter(name[i + 1]) || name[i + 1] == '~'))
            {
                i += 2;
                while (i < name.Length && (char.IsAsciiLetterOrDigit(name[i]) || name[i] == '~'))
                {
                    i++;
                }
            }
        }

        return prefix;
    }

    /// <summary>Debian's verrevcmp: runs of other characters and runs of digits in turn.</summary>
    private static int CompareVersions(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int l = 0;
        int r = 0;
        while (l < left.Length || r < right.Length)
        {
            while ((l < left.Length && !char.IsAsciiDigit(left[l])) || (r < right.Length && !char.IsAsciiDigit(right[r])))
            {
                int difference = Rank(left, l) - Rank(right, r);
                if (difference != 0)
                {
                    return difference;
                }

                l++;
                r++;
            }

            int result = CompareNumbers(left, ref l, right, ref r);
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ref int l, ReadOnlySpan<char> right, ref int r)
    {
        SkipZeros(left, ref l);
        SkipZeros(right, ref r);
        int first = 0;
        while (l < left.Length && r < right.Length && char.IsAsciiDigit(left[l]) && char.IsAsciiDigit(right[r]))
        {
            first = first == 0 ? left[l] - right[r] : first;
            l++;
            r++;
        }

        if (l < left.Length && char.IsAsciiDigit(left[l]))
        {
            return 1;
        }

        return r < right.Length && char.IsAsciiDigit(right[r]) ? -1 : first;
    }

    private static void SkipZeros(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && text[at] == '0')
        {
            at++;
        }
    }

    /// <summary>gnulib's order(): the end below everything but a tilde, digits as nothing, letters before all else.</summary>
    private static int Rank(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length)
        {
            return -1;
        }

        char c = text[at];
        return c switch
        {
            _ when char.IsAsciiDigit(c) => 0,
            _ when char.IsAsciiLetter(c) => c,
            '~' => -2,
            _ => c + 256,
        };
    }
}
