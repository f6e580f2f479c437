namespace BlockRbd.BootExtract.Menu;

/// <summary>The loader's command line.</summary>
/// <param name="screen">The screen.</param>
internal sealed class PromptView(MenuScreen screen) : View(screen)
{
    private const string Prompt = "grub> ";

    private readonly LineEditor _line = new(screen.Text, "", MenuLimits.MaxEditedCharacters);
    private readonly List<string> _output = [" Commands as in the guest's loader; boot boots; Esc goes back.", ""]; // raw, made harmless when drawn
    private readonly List<string> _history = [];
    private int _recalled;

    /// <inheritdoc/>
    public override void Press(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Escape:
                Screen.Back();
                break;
            case KeyKind.Enter:
                Run(_line.Text);
                break;
            case KeyKind.Up:
                Recall(_recalled - 1);
                break;
            case KeyKind.Down:
                Recall(_recalled + 1);
                break;
            default:
                _line.Press(key);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Draw(Frame frame)
    {
        List<string> lines = [.. _output.TakeLast(frame.Rows).SelectMany(line => Screen.Text.Wrap(line, frame.Columns)).TakeLast(Math.Max(0, frame.Rows - 2))];
        for (int i = 0; i < lines.Count; i++)
        {
            frame.Set(i, lines[i]);
        }

        _line.Draw(frame, lines.Count, Prompt);
    }

    private void Run(string line)
    {
        _line.Set("", 0);
        Add(Prompt + line);
        if (line.Trim(' ').Length == 0)
        {
            return;
        }

        if (_history.Count < MenuLimits.MaxOutputLines)
        {
            _history.Add(line);
        }

        _recalled = _history.Count;
        try
        {
            PromptReply reply = Screen.Guest.Prompt(line);
            Add(reply.Text.EndsWith('\n') ? reply.Text[..^1] : reply.Text, unlessEmpty: true);
            if (reply.Items is { } items)
            {
                Screen.Show(line, items);
            }
            else if (reply.Boots is { } entry)
            {
                Screen.Start(entry);
            }
        }
        catch (MenuGuestException e)
        {
            Add(e.Message);
        }
    }

    private void Add(string text, bool unlessEmpty = false)
    {
        if (text.Length > 0 || !unlessEmpty)
        {
            _output.AddRange(text.Split('\n'));
        }

        _output.RemoveRange(0, Math.Max(0, _output.Count - MenuLimits.MaxOutputLines));
    }

    private void Recall(int number)
    {
        _recalled = Math.Clamp(number, 0, _history.Count);
        string line = _recalled < _history.Count ? _history[_recalled] : "";
        _line.Set(line, line.Length);
    }
}
