namespace BlockRbd.BootExtract.Menu;

/// <summary>Why something didn't go, until a key is pressed.</summary>
/// <param name="screen">The screen.</param>
/// <param name="message">What to say.</param>
internal sealed class MessageView(MenuScreen screen, string message) : View(screen)
{
    /// <inheritdoc/>
    public override void Press(Key key) => Screen.Back();

    /// <inheritdoc/>
    public override void Draw(Frame frame)
    {
        List<string> lines = Screen.Text.Wrap(message, frame.Columns - 1);
        int row = 1;
        foreach (string line in lines.Take(Math.Max(1, frame.Rows - 4)))
        {
            frame.Set(row++, " " + line);
        }

        frame.Set(row + 1, " Press any key to go back.");
        frame.Cursor = (row + 1, 1);
    }
}
