using System.Globalization;

namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>
/// Red Hat's blscfg order: an entry's id is cut into name, version and release as a package's file name is, and each is
/// compared as RPM compares versions.
/// </summary>
internal static class BlsOrder
{
    /// <summary>Greater than zero: <paramref name="left"/> is the newer one. Ids are file names without ".conf".</summary>
    public static int Compare(string left, string right)
    {
        Parts a = Split(left);
        Parts b = Split(right);
        if (a.IsExhausted != b.IsExhausted)
        {
            return a.IsExhausted ? -1 : 1; // Automatic boot assessment: no tries left, behind all others.
        }

        int result = RpmVersion.Compare(a.Name, b.Name);
        result = result != 0 ? result : RpmVersion.Compare(a.Version, b.Version);
        return result != 0 ? result : RpmVersion.Compare(a.Release, b.Release);
    }

    /// <summary>
    /// split_package_string: "name-version-release"; where there are fewer parts, the front ones are filled. A boot
    /// counter ("+2", "+2-1") at the end is cut off, but a kernel's flavour ("+debug") is not.
    /// </summary>
    private static Parts Split(string id)
    {
        bool exhausted = false;
        int plus = id.LastIndexOf('+');
        if (plus >= 0 && TriesLeft(id.AsSpan(plus + 1)) is { } tries)
        {
            exhausted = tries == 0;
            id = id[..plus];
        }

        int release = id.LastIndexOf('-');
        if (release < 0)
        {
            return new Parts(id, string.Empty, string.Empty, exhausted);
        }

        int version = release == 0 ? -1 : id.LastIndexOf('-', release - 1);
        return version < 0
            ? new Parts(id[..release], id[(release + 1)..], string.Empty, exhausted)
            : new Parts(id[..version], id[(version + 1)..release], id[(release + 1)..], exhausted);
    }

    /// <summary>The counter's first number; null where it is none. The specification: "+LEFT" or "+LEFT-DONE", digits only.</summary>
    private static int? TriesLeft(ReadOnlySpan<char> counter)
    {
        int dash = counter.IndexOf('-');
        ReadOnlySpan<char> left = dash < 0 ? counter : counter[..dash];
        bool isCounter = IsNumber(left) && (dash < 0 || IsNumber(counter[(dash + 1)..]));
        if (!isCounter)
        {
            return null;
        }

        return int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out int tries) ? tries : int.MaxValue;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private readonly record struct Parts(string Name, string Version, string Release, bool IsExhausted);
}
