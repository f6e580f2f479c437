namespace BlockRbd.BootExtract.Menu;

/// <summary>What a person should know, kept back while a menu is on the same terminal.</summary>
/// <param name="note">Where it goes.</param>
/// <param name="hold">Whether it is kept back.</param>
internal sealed class HeldNotes(Action<string> note, bool hold)
{
    private const int MaxNotes = 100; // every entry that is tried may add some

    private readonly List<string> _held = [];
    private bool _hold = hold;

    /// <summary>Takes a note.</summary>
    public void Add(string text)
    {
        if (!_hold)
        {
            note(text);
        }
        else if (_held.Count < MaxNotes && !_held.Contains(text))
        {
            _held.Add(text);
        }
    }

    /// <summary>The menu is gone: out with them, and with what follows.</summary>
    public void Release()
    {
        _hold = false;
        _held.ForEach(note);
        _held.Clear();
    }
}
