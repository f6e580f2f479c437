using BlockRbd.BootConfig.BootLoaderSpec;

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>The UAPI group's version format (UAPI.10), as systemd's strverscmp_improved compares.</summary>
internal static class SystemdVersion
{
    /// <summary>Greater than zero: <paramref name="left"/> is the newer one. Null is as good as empty.</summary>
    public static int Compare(string? left, string? right)
    {
        ReadOnlySpan<char> a = left;
        ReadOnlySpan<char> b = right;
        while (true)
        {
            SkipInvalid(ref a);
            SkipInvalid(ref b);
            int result = Mark('~', ref a, ref b);
            if (result != 0 || a.IsEmpty || b.IsEmpty)
            {
                return result != 0 ? result : a.Length.CompareTo(b.Length); // A tilde is before the end, the end before all else.
            }

            result = Mark('-', ref a, ref b);
            result = result != 0 ? result : Mark('^', ref a, ref b);
            result = result != 0 ? result : Mark('.', ref a, ref b);
            result = result != 0 ? result : Segment(ref a, ref b);
            if (result != 0)
            {
                return result;
            }
        }
    }

    private static void SkipInvalid(ref ReadOnlySpan<char> text)
    {
        while (text is [char c, ..] && !char.IsAsciiLetterOrDigit(c) && c is not ('~' or '-' or '^' or '.'))
        {
            text = text[1..];
        }
    }

    /// <summary>Whoever has the mark here is the older one; it is taken off where both have it.</summary>
    private static int Mark(char mark, ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        bool left = !a.IsEmpty && a[0] == mark;
        bool right = !b.IsEmpty && b[0] == mark;
        if (left && right)
        {
            a = a[1..];
            b = b[1..];
        }

        return right.CompareTo(left);
    }

    /// <summary>A number is newer than letters; numbers by value, letters by their codes, the longer one newer.</summary>
    private static int Segment(ref ReadOnlySpan<char> a, ref ReadOnlySpan<char> b)
    {
        bool numbers = (!a.IsEmpty && char.IsAsciiDigit(a[0])) || (!b.IsEmpty && char.IsAsciiDigit(b[0]));
        ReadOnlySpan<char> left = RpmVersion.Take(ref a, numbers);
        ReadOnlySpan<char> right = RpmVersion.Take(ref b, numbers);
        if (!numbers)
        {
            return left.SequenceCompareTo(right);
        }

        if (left.IsEmpty != right.IsEmpty)
        {
            return left.IsEmpty ? -1 : 1;
        }

        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
