namespace BlockRbd.BootExtract.Menu;

/// <summary>Brings a terminal and a menu together.</summary>
internal static class MenuLoop
{
    private const int Second = 1000;

    /// <summary>Shows the menu until it is known what boots. The terminal is as it was then.</summary>
    /// <param name="terminal">The terminal, entered already.</param>
    /// <param name="screen">The menu.</param>
    public static void Run(Terminal terminal, MenuScreen screen)
    {
        Painter painter = new();
        long second = Environment.TickCount64 + Second;
        if (screen.SecondsLeft == 0 && screen.IsHidden && terminal.Read(0) is { } typed)
        {
            screen.Press(typed); // GRUB looks once where it would hide the menu (run_menu), even without a wait
        }

        screen.BootWhenTimeIsUp();
        while (!screen.IsDone)
        {
            if (!screen.IsHidden || screen.Draws)
            {
                (int rows, int columns) = terminal.Size;
                terminal.Write(painter.Paint(screen.Draw(rows, columns)));
            }

            int milliseconds = screen.SecondsLeft is null ? -1 : (int)Math.Max(0, second - Environment.TickCount64);
            if (SignalGuard.WithoutDeadline(() => terminal.Read(milliseconds)) is { } key)
            {
                if (key.IsControl('L'))
                {
                    painter.Forget();
                }

                screen.Press(key);
                if (screen.TakeDelay() is > 0 and int seconds)
                {
                    (int rows, int columns) = terminal.Size;
                    terminal.Write(painter.Paint(screen.Draw(rows, columns)));
                    SignalGuard.WithoutDeadline(() =>
                    {
                        terminal.Ignore(seconds * Second);
                        return true;
                    });
                }
            }
            else
            {
                second += Second;
                screen.Tick();
            }
        }

        string title = screen.Chosen is { Title.Length: > 0 } chosen ? $"Booting {screen.Text.Fit(chosen.Title, terminal.Size.Columns - 10)}\r\n" : "";
        terminal.Leave(painter.Leave() + title);
    }
}
