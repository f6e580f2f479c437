namespace BlockRbd.BootConfig.BootLoaderSpec;

/// <summary>Whose <c>blscfg</c> reads the entries; the two sort and fill them in differently.</summary>
public enum BlsDialect
{
    /// <summary>
    /// Red Hat's module "blscfg" (Fedora 30 on, RHEL 8 on and their kin). A grub.cfg that says <c>insmod blscfg</c> was
    /// written for it: GRUB's own module is called "blsuki".
    /// </summary>
    RedHat,

    /// <summary>GRUB 2.14's own module "blsuki".</summary>
    Upstream,

    /// <summary>
    /// Entries that no grub.cfg asks for, read as the specification says: every <c>options</c> line counts. Sorted and filled in as Red Hat's.
    /// </summary>
    Specification,
}
