using System.Globalization;
using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Menu;

/// <summary>The menu as a machine: keys and seconds go in, frames come out, and at the end it is known what boots. Of terminals it knows nothing.</summary>
internal sealed class MenuScreen
{
    private const int MaxDelaySeconds = 60;

    private readonly Stack<View> _views = new();
    private readonly HashSet<string> _authenticated = [];
    private string _message = "";
    private int _delaySeconds = 1;

    /// <param name="guest">Who is asked.</param>
    /// <param name="utf8">Whether the terminal takes UTF-8.</param>
    public MenuScreen(IMenuGuest guest, bool utf8)
    {
        Guest = guest;
        Text = new ScreenText(utf8);
        Facts = guest.Open();
        IsHidden = Facts.Style is "hidden" or "countdown";
        SecondsLeft = Facts.TimeoutSeconds;
        Show("", Facts.Items);
    }

    /// <summary>Who is asked.</summary>
    public IMenuGuest Guest { get; }

    /// <summary>Makes texts harmless.</summary>
    public ScreenText Text { get; }

    /// <summary>The menu.</summary>
    public MenuFacts Facts { get; }

    /// <summary>Whether the menu isn't shown yet, and may never be.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>Whether there is anything on the screen while the menu isn't shown.</summary>
    public bool Draws => Facts.Style == "countdown" || SecondsLeft is null;

    /// <summary>Seconds until the default boots; null where a key has stopped that, or where it doesn't.</summary>
    public int? SecondsLeft { get; private set; }

    /// <summary>Whether it is over.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What boots then: the entry that was chosen; null for the default.</summary>
    public MenuItem? Chosen { get; private set; }

    /// <summary>Whether a password would have to be given before anything is edited.</summary>
    public bool IsLocked => !MayDo(users: null);

    private int Delay { get; set; }

    /// <summary>Seconds for which keys are to be ignored: each wrong password doubles them. Reading it sets it back to 0.</summary>
    public int TakeDelay()
    {
        int delay = Delay;
        Delay = 0;
        return delay;
    }

    /// <summary>A second has passed. With none left the default boots: nobody has chosen anything, so nobody needs a password for it.</summary>
    public void Tick()
    {
        if (SecondsLeft > 0)
        {
            SecondsLeft--;
        }

        BootWhenTimeIsUp();
    }

    /// <summary>Ends it where no time is left.</summary>
    public void BootWhenTimeIsUp() => IsDone |= SecondsLeft == 0;

    /// <summary>A key was pressed.</summary>
    public void Press(Key key)
    {
        if (IsDone)
        {
            return;
        }

        _message = "";
        if (!IsHidden)
        {
            SecondsLeft = null; // any key stops it, and does what it does
            _views.Peek().Press(key);
            return;
        }

        // grub-core/normal/menu.c, run_menu: until it is shown only Esc and hotkeys count.
        if (_views.Peek() is MenuView menu && menu.OfHotkey(key) is { } item)
        {
            IsHidden = false;
            SecondsLeft = null;
            Start(item);
        }
        else if (key.Kind == KeyKind.Escape || !Facts.EscapeOnly)
        {
            IsHidden = false;
            SecondsLeft = null;
        }
    }

    /// <summary>The screen as it should look now.</summary>
    public Frame Draw(int rows, int columns)
    {
        Frame frame = new(rows, columns);
        if (!IsHidden)
        {
            _views.Peek().Draw(frame);
        }

        string wait = Facts.EscapeOnly ? "Esc shows the menu." : "Any key shows the menu.";
        string status = _message.Length > 0 ? Text.Fit(_message, frame.Columns - 1)
            : SecondsLeft is not { } left ? (IsHidden ? wait : "")
            : IsHidden ? (Facts.Style == "countdown" ? string.Create(CultureInfo.InvariantCulture, $"The default boots in {left} s. {wait}") : "")
            : string.Create(CultureInfo.InvariantCulture, $"The default boots in {left} s. Any key stops that.");
        if (status.Length > 0)
        {
            frame.Set(rows - 1, " " + status);
        }

        return frame;
    }

    /// <summary>Back to where it came from; from the menu itself there is nowhere to go.</summary>
    public void Back()
    {
        if (_views.Count > 1)
        {
            _views.Pop();
        }
    }

    /// <summary>Shows a menu.</summary>
    public void Show(string title, IReadOnlyList<MenuItem> items)
    {
        if (_views.Count < MenuLimits.MaxDepth)
        {
            _views.Push(new MenuView(this, title, items));
        }
        else
        {
            _message = "Too many menus inside each other.";
        }
    }

    /// <summary>Boots an entry, or opens a submenu; asks for the password first where one is needed.</summary>
    public void Start(MenuItem item)
    {
        if (item.Users is { } users && !MayDo(users))
        {
            AskPassword(users, () => Start(item));
            return;
        }

        Try(() =>
        {
            if (item.IsSubmenu)
            {
                Show(item.Title, Guest.Enter(item.Entry));
            }
            else
            {
                Guest.Choose(item.Entry);
                Chosen = item;
                IsDone = true;
            }
        });
    }

    /// <summary>Opens the editor.</summary>
    public void Edit(MenuItem item) => Edit(() => _views.Push(new EntryEditor(this, item, Guest.Commands(item.Entry))));

    /// <summary>Opens the editor of the arguments.</summary>
    public void EditArguments(MenuItem item) => Edit(() => _views.Push(new ArgumentsView(this, item, Guest.Arguments(item.Entry))));

    /// <summary>Opens the loader's command line.</summary>
    public void OpenPrompt()
    {
        if (!Facts.HasPrompt)
        {
            _message = "The guest's loader has no command line.";
            return;
        }

        Edit(() =>
        {
            Guest.BeginPrompt();
            _views.Push(new PromptView(this));
        });
    }

    /// <summary>Boots an edited entry. Who may edit may boot anything.</summary>
    public void Boot(MenuItem item, string commands) => Try(() => Start(Guest.WithCommands(item.Entry, commands) with { Users = null }));

    /// <summary>Boots an entry with other arguments.</summary>
    public void BootWithArguments(MenuItem item, string arguments) => Try(() => Start(Guest.WithArguments(item.Entry, arguments) with { Users = null }));

    /// <summary>Asks for a name and password.</summary>
    /// <param name="users">Who may do it, besides the superusers.</param>
    /// <param name="then">What is done then.</param>
    public void AskPassword(string? users, Action? then) => _views.Push(new PasswordView(this, Facts.Protection!, users, then));

    /// <summary>Checks a name and password, and does what they were asked for.</summary>
    public void Authenticate(string name, string password, string? users, Action? then)
    {
        // auth.c: a right password of somebody who may not do this is refused in the same words.
        if (Facts.Protection!.Users.FirstOrDefault(user => user.Name == name) is { } user && PasswordCheck.IsRight(user, password))
        {
            _authenticated.Add(name);
        }

        if (MayDo(users))
        {
            _delaySeconds = 1;
            _message = "";
            then?.Invoke();
            return;
        }

        Delay = _delaySeconds;
        _delaySeconds = Math.Min(MaxDelaySeconds, _delaySeconds * 2);
        _message = "Access denied.";
    }

    private void Edit(Action open)
    {
        if (!Facts.AllowsEditing)
        {
            _message = "The guest's loader lets nobody edit entries.";
        }
        else if (IsLocked)
        {
            _message = "This needs the password: p asks for it.";
        }
        else
        {
            Try(open);
        }
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (MenuGuestException e)
        {
            _views.Push(new MessageView(this, e.Message));
        }
    }

    /// <summary>is_authenticated of grub-core/normal/auth.c.</summary>
    private bool MayDo(string? users) =>
        Facts.Protection is not { } protection
        || protection.Superusers.Any(_authenticated.Contains)
        || MenuProtection.Names(users ?? "").Any(_authenticated.Contains);
}
