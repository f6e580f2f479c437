namespace BlockRbd.BootExtract.Menu;

/// <summary>What is on the screen now: a menu, an editor, a prompt. It changes with keys and draws itself; of terminals it knows nothing.</summary>
/// <param name="screen">The screen that it is on.</param>
internal abstract class View(MenuScreen screen)
{
    /// <summary>The screen that it is on.</summary>
    protected MenuScreen Screen => screen;

    /// <summary>Does what a key says.</summary>
    public abstract void Press(Key key);

    /// <summary>Draws itself, but for the last row.</summary>
    public abstract void Draw(Frame frame);

    /// <summary>A box from a row on, with so many rows of text inside.</summary>
    protected static void DrawBox(Frame frame, int top, IReadOnlyList<FrameLine> lines)
    {
        string edge = $" +{new string('-', Math.Max(0, BoxColumns(frame) + 2))}+";
        frame.Set(top, edge);
        for (int i = 0; i < lines.Count; i++)
        {
            FrameLine line = lines[i];
            frame.Set(top + 1 + i, new FrameLine($" |{(line.Reversed.Length > 0 ? "" : " ")}{line.Before}", line.Reversed, line.Reversed.Length > 0 ? "|" : " |"));
        }

        frame.Set(top + 1 + lines.Count, edge);
    }

    /// <summary>Columns of text in a box.</summary>
    protected static int BoxColumns(Frame frame) => frame.Columns - 6;
}
