namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>
/// RPM's version comparison (rpmvercmp), as Red Hat's blscfg carries it: runs of digits and runs of letters in turn, all
/// else only separates. A tilde sorts before everything, the end included; a caret after the end, before all else.
/// </summary>
internal static class RpmVersion
{
    /// <summary>1 where <paramref name="left"/> is newer, -1 where <paramref name="right"/> is, 0 where neither.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (left.SequenceEqual(right))
        {
            return 0;
        }

        while (!left.IsEmpty || !right.IsEmpty)
        {
            SkipSeparators(ref left);
            SkipSeparators(ref right);
            if (Marks(ref left, ref right) is { } decided)
            {
                if (decided != 0)
                {
                    return decided;
                }

                continue;
            }

            if (left.IsEmpty || right.IsEmpty)
            {
                break;
            }

            bool isNumber = char.IsAsciiDigit(left[0]);
            ReadOnlySpan<char> a = Take(ref left, isNumber);
            ReadOnlySpan<char> b = Take(ref right, isNumber);
            if (b.IsEmpty)
            {
                return isNumber ? 1 : -1; // A number is always newer than letters.
            }

            int result = isNumber ? CompareNumbers(a, b) : Math.Sign(a.SequenceCompareTo(b));
            if (result != 0)
            {
                return result;
            }
        }

        return left.IsEmpty == right.IsEmpty ? 0 : left.IsEmpty ? -1 : 1;
    }

    /// <summary>What a tilde or a caret decides; 0 where both have the same one, which is taken off; null where there is none.</summary>
    private static int? Marks(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        if (left is ['~', ..] || right is ['~', ..])
        {
            if (left is not ['~', ..] || right is not ['~', ..])
            {
                return left is ['~', ..] ? -1 : 1;
            }
        }
        else if (left is ['^', ..] || right is ['^', ..])
        {
            if (left.IsEmpty || right.IsEmpty)
            {
                return left.IsEmpty ? -1 : 1;
            }

            if (left[0] != '^' || right[0] != '^')
            {
                return left[0] == '^' ? -1 : 1;
            }
        }
        else
        {
            return null;
        }

        left = left[1..];
        right = right[1..];
        return 0;
    }

    private static void SkipSeparators(ref ReadOnlySpan<char> text)
    {
        while (text is [char c, ..] && !char.IsAsciiLetterOrDigit(c) && c is not ('~' or '^'))
        {
            text = text[1..];
        }
    }

    /// <summary>Takes the run of digits, or of letters, off the front.</summary>
    internal static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text, bool digits)
    {
        int length = 0;
        while (length < text.Length && (digits ? char.IsAsciiDigit(text[length]) : char.IsAsciiLetter(text[length])))
        {
            length++;
        }

        ReadOnlySpan<char> run = text[..length];
        text = text[length..];
        return run;
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? (a.Length > b.Length ? 1 : -1) : Math.Sign(a.SequenceCompareTo(b));
    }
}
