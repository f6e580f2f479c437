namespace BlockRbd.BootExtract.Menu;

/// <summary>An entry's kernel command line, to be changed before it boots.</summary>
/// <param name="screen">The screen.</param>
/// <param name="item">The entry.</param>
/// <param name="arguments">Its command line.</param>
internal sealed class ArgumentsView(MenuScreen screen, MenuItem item, string arguments) : View(screen)
{
    private readonly LineEditor _line = new(screen.Text, arguments, MenuLimits.MaxEditedCharacters);

    /// <inheritdoc/>
    public override void Press(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Escape:
                Screen.Back();
                break;
            case KeyKind.Enter:
                Screen.BootWithArguments(item, _line.Text);
                break;
            default:
                _line.Press(key);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Draw(Frame frame)
    {
        frame.Set(0, " " + Screen.Text.Fit(item.Title, frame.Columns - 1));
        frame.Set(2, " Enter boots with these arguments; Esc throws them away and goes back.");
        _line.Draw(frame, 4, " > ");
    }
}
