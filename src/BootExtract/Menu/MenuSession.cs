using BlockRbd.BootExtract.Output;

namespace BlockRbd.BootExtract.Menu;

/// <summary>A person at the terminal on standard input, and the menu for them.</summary>
internal sealed class MenuSession
{
    private readonly Terminal _terminal;
    private readonly Undo _undo;

    private MenuSession(Terminal terminal, Undo undo)
    {
        _terminal = terminal;
        _undo = undo;
    }

    /// <summary>Looks for the terminal.</summary>
    /// <param name="undo">Notes how it was.</param>
    /// <returns>Null where there is none: nobody is asked, and nothing waits.</returns>
    public static MenuSession? Find(Undo undo) => Terminal.Find() is { } terminal ? new MenuSession(terminal, undo) : null;

    /// <summary>Shows the menu.</summary>
    /// <param name="guest">The guest's side of it.</param>
    /// <returns>Whether an entry was chosen; else the guest's own choice boots.</returns>
    public bool Run(IMenuGuest guest)
    {
        MenuScreen screen = new(guest, Terminal.IsUtf8);
        try
        {
            _terminal.Enter(_undo);
            MenuLoop.Run(_terminal, screen);
            return screen.Chosen is not null;
        }
        finally
        {
            _terminal.Leave("\x1b[m\r\n");
        }
    }
}
