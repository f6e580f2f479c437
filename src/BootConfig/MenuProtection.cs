namespace BlockRbd.BootConfig;

/// <summary>How a password is written in a configuration.</summary>
public enum PasswordKind
{
    /// <summary>As it is typed.</summary>
    Plain,

    /// <summary>crypt(3)'s "$1$salt$hash".</summary>
    Md5Crypt,

    /// <summary>GRUB 2's "grub.pbkdf2.sha512.iterations.salt.hash".</summary>
    Pbkdf2,
}

/// <summary>Somebody who can name a password.</summary>
/// <param name="Name">The name; empty where the loader asks for none.</param>
/// <param name="Kind">How the password is written.</param>
/// <param name="Secret">The password, or its hash, as written.</param>
public sealed record MenuUser(string Name, PasswordKind Kind, string Secret);

/// <summary>A menu that isn't everybody's. Editing, and the prompt, are for superusers; entries say for themselves (<see cref="BootEntry.Users"/>).</summary>
/// <param name="Superusers">Names that may do all.</param>
/// <param name="Users">Who is known. Empty, nobody can get in: as in GRUB.</param>
public sealed record MenuProtection(IReadOnlyList<string> Superusers, IReadOnlyList<MenuUser> Users)
{
    /// <summary>Characters between names of a list (grub_strword of grub-core/kern/misc.c).</summary>
    private static readonly char[] Between = [' ', '\t', '\n', '\r', '\f', '\v', ',', ';', '|', '&'];

    /// <summary>The names of a list.</summary>
    public static IReadOnlyList<string> Names(string list) => list.Split(Between, StringSplitOptions.RemoveEmptyEntries);
}
