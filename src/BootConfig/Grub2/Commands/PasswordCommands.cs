namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>password</c> and <c>password_pbkdf2</c> (grub-core/commands/password.c, password_pbkdf2.c): who is known to the menu.</summary>
internal static class PasswordCommands
{
    private const string Pbkdf2Prefix = "grub.pbkdf2.sha512.";

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("password", (machine, call) => Add(machine, call, PasswordKind.Plain)),
        new("password_pbkdf2", (machine, call) => Add(machine, call, PasswordKind.Pbkdf2)),
    ];

    private static GrubError Add(GrubMachine machine, CommandCall call, PasswordKind kind)
    {
        if (call.Arguments is not [string name, string secret])
        {
            return machine.Fail(GrubError.BadArgument, "two arguments expected", call);
        }

        if (kind == PasswordKind.Pbkdf2 && !secret.StartsWith(Pbkdf2Prefix, StringComparison.Ordinal))
        {
            return machine.Fail(GrubError.BadArgument, "invalid PBKDF2 password", call);
        }

        machine.AddUser(new MenuUser(name, kind, secret), call.Position);
        return GrubError.None;
    }
}
