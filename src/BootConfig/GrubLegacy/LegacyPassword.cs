namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>The argument of <c>password</c>: "[--md5] PASSWORD [FILE]" (password_func of GRUB 0.97).</summary>
/// <remarks>The menu of FILE, which GRUB goes on to, isn't opened: who has the password may edit every entry of this one.</remarks>
internal static class LegacyPassword
{
    private const string Md5 = "--md5";

    /// <summary>Who may do what: there is one password and no names.</summary>
    public static MenuProtection Protection(string argument)
    {
        PasswordKind kind = PasswordKind.Plain;
        if (LegacyLine.FirstWord(argument) == Md5)
        {
            kind = PasswordKind.Md5Crypt;
            argument = LegacyLine.AfterFirstWord(argument);
        }

        return new MenuProtection([string.Empty], [new MenuUser(string.Empty, kind, LegacyLine.FirstWord(argument))]);
    }
}
