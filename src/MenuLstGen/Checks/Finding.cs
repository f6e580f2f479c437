namespace BlockRbd.MenuLstGen.Checks;

/// <summary>Something that PV-GRUB can't do.</summary>
/// <param name="Entry">The entry that it is about, for people; null for the whole menu.</param>
/// <param name="Sentence">What it is and what helps; a guest's text in it is escaped.</param>
internal sealed record Finding(string? Entry, string Sentence);

/// <summary>All that was found, each sentence once with the entries that it is about.</summary>
internal sealed class Findings
{
    /// <summary>Entries that one line names.</summary>
    private const int MaxNamed = 4;

    private readonly List<Finding> _all = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => _all.Count > 0;

    /// <summary>Keeps one.</summary>
    public void Add(string? entry, string sentence) => _all.Add(new Finding(entry, sentence));

    /// <summary>One line for each sentence, in the order in which they came up.</summary>
    public IEnumerable<string> Lines() => _all.GroupBy(finding => finding.Sentence).Select(group =>
    {
        List<string> entries = [.. group.Select(finding => finding.Entry).OfType<string>().Distinct()];
        string more = entries.Count > MaxNamed ? $" and {entries.Count - MaxNamed} more" : "";
        return entries.Count == 0 ? group.Key : $"{string.Join(", ", entries.Take(MaxNamed))}{more}: {group.Key}";
    });
}
