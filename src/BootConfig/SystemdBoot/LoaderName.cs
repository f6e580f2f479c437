using System.Globalization;

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>An entry's file name without its boot counter (UAPI.1, "Boot counting"): "a+3-1.conf" is the id "a.conf" with three tries left and one done.</summary>
/// <param name="Id">The name without the counter.</param>
/// <param name="TriesLeft">Null where nothing is counted.</param>
/// <param name="TriesDone">0 where nothing is counted.</param>
internal readonly record struct LoaderName(string Id, int? TriesLeft, int TriesDone)
{
    /// <summary>Takes a name apart.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="suffix">What it ends with: ".conf", ".efi".</param>
    public static LoaderName Of(string name, string suffix)
    {
        int end = name.Length - suffix.Length;
        int plus = name.LastIndexOf('+', Math.Max(end - 1, 0));
        if (plus < 0)
        {
            return new LoaderName(name, null, 0);
        }

        string[] counters = name[(plus + 1)..end].Split('-');
        int done = 0;
        return counters.Length is 1 or 2 && Number(counters[0], out int left) && (counters.Length == 1 || Number(counters[1], out done))
            ? new LoaderName(name[..plus] + name[end..], left, done)
            : new LoaderName(name, null, 0);
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
