namespace BlockRbd.MenuLstGen.Confined;

/// <summary>Ceilings of what the process that reads the guest may answer. It may be the guest's by then.</summary>
internal static class AnswerLimits
{
    /// <summary>Bytes of the menu. 4096 entries of the longest lines that GRUB takes come near.</summary>
    public const int MaxMenuBytes = 16 << 20;

    /// <summary>Bytes of a message: the menu and its frame.</summary>
    public const int MaxMessageBytes = MaxMenuBytes + 1024;

    /// <summary>Texts of a message.</summary>
    public const int MaxTexts = 8;

    /// <summary>Joined initrds: one an entry at most.</summary>
    public const int MaxInitrds = 4096;

    /// <summary>Bytes of a file's name (NAME_MAX).</summary>
    public const int MaxNameBytes = 255;

    /// <summary>Parts of a joined initrd.</summary>
    public const int MaxParts = 1000;
}
