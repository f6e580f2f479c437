namespace BlockRbd.MenuLstGen.Checks;

/// <summary>The loaders that read a menu.lst inside a PV domain.</summary>
[Flags]
internal enum PvGrub
{
    /// <summary>GRUB 0.97 on Mini-OS, Xen's pv-grub-x86_64.gz.</summary>
    Legacy = 1,

    /// <summary>GRUB 2 for Xen, grub-x86_64-xen.bin, through its command legacy_configfile.</summary>
    Grub2 = 2,

    /// <summary>It isn't known which: what either of them can't do counts.</summary>
    Any = Legacy | Grub2,
}
