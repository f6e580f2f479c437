namespace BlockRbd.BootExtract.Reading;

/// <summary>Ceilings for a guest's menu as it is listed and searched.</summary>
internal static class MenuLimits
{
    /// <summary>Submenus inside one another. GRUB has no bound; people have two.</summary>
    public const int MaxDepth = 32;

    /// <summary>Entries of all submenus together.</summary>
    public const int MaxEntries = 10_000;
}
