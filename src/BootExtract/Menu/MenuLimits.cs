namespace BlockRbd.BootExtract.Menu;

/// <summary>Ceilings for what the menu takes from a guest, or from the process that reads it.</summary>
internal static class MenuLimits
{
    /// <summary>Bytes of one question or reply.</summary>
    public const int MaxMessageBytes = 4 << 20;

    /// <summary>Texts in one of them: six for each of so many entries, and the rest.</summary>
    public const int MaxTexts = (6 * MaxItems) + 1100;

    /// <summary>Entries of one menu.</summary>
    public const int MaxItems = 10_000;

    /// <summary>Entries that are known at once: menus that were opened, entries that were edited.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Menus inside each other.</summary>
    public const int MaxDepth = 32;

    /// <summary>Characters of a text that is edited.</summary>
    public const int MaxEditedCharacters = 256 << 10;

    /// <summary>Lines of it.</summary>
    public const int MaxEditedLines = 4096;

    /// <summary>Lines of a command line's output that are kept.</summary>
    public const int MaxOutputLines = 1000;

    /// <summary>Users with a password, and names of superusers.</summary>
    public const int MaxUsers = 256;

    /// <summary>PBKDF2's rounds: 100 times what grub-mkpasswd-pbkdf2 writes, a few seconds. More would let a guest hold up its own menu.</summary>
    public const int MaxIterations = 1_000_000;

    /// <summary>Bytes of a PBKDF2 salt or hash. grub-mkpasswd-pbkdf2 writes 64.</summary>
    public const int MaxHashBytes = 1024;

    /// <summary>Characters of a typed name or password: GRUB_AUTH_MAX_PASSLEN (include/grub/auth.h).</summary>
    public const int MaxPasswordCharacters = 1024;

    /// <summary>Columns and rows of a terminal that are used.</summary>
    public const int MaxScreen = 500;
}
