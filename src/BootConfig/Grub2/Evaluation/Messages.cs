namespace BlockRbd.BootConfig.Grub2;

/// <summary>The warnings of a run, each once, so many and no more.</summary>
internal sealed class Messages(int max)
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public void Add(string message)
    {
        if (_all.Contains(message))
        {
            return;
        }

        if (_all.Count < max)
        {
            _all.Add(message);
        }
        else if (_all.Count == max)
        {
            _all.Add($"more than {max} warnings: the rest is left out");
        }
    }
}
