using BlockRbd.BootConfig;

namespace BlockRbd.BootExtract.Menu;

/// <summary>Asks for a password, and for a name where the loader has them (grub-core/normal/auth.c).</summary>
/// <param name="screen">The screen.</param>
/// <param name="protection">Who is known.</param>
/// <param name="users">Who may do it, besides the superusers; null for these alone.</param>
/// <param name="then">What is done once it may be; null to go back to the menu.</param>
internal sealed class PasswordView(MenuScreen screen, MenuProtection protection, string? users, Action? then) : View(screen)
{
    private readonly LineEditor _name = new(screen.Text, "", MenuLimits.MaxPasswordCharacters);
    private readonly LineEditor _password = new(screen.Text, "", MenuLimits.MaxPasswordCharacters);
    private bool _hasName = protection.Users.All(user => user.Name.Length == 0);

    /// <inheritdoc/>
    public override void Press(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Escape:
                Screen.Back();
                break;
            case KeyKind.Enter when !_hasName:
                _hasName = true;
                break;
            case KeyKind.Enter:
                Screen.Back();
                Screen.Authenticate(_name.Text, _password.Text, users, then);
                break;
            default:
                (_hasName ? _password : _name).Press(key);
                break;
        }
    }

    /// <inheritdoc/>
    public override void Draw(Frame frame)
    {
        int row = 2;
        if (protection.Users.Any(user => user.Name.Length > 0))
        {
            _name.Draw(frame, row++, " Enter username: ");
        }

        if (_hasName)
        {
            new LineEditor(Screen.Text, "", 0).Draw(frame, row, " Enter password: "); // what is typed isn't shown, nor how much of it
        }
    }
}
