using BlockRbd.BootConfig.BootLoaderSpec;

namespace BlockRbd.BootConfig.Grub2;

/// <summary>What the GRUB that is imitated is like, beyond what the configuration says.</summary>
public sealed record Grub2Options
{
    /// <summary><c>grub_platform</c>: "pc", "xen", "efi".</summary>
    public string Platform { get; init; } = "pc";

    /// <summary><c>grub_cpu</c>: "i386", "x86_64".</summary>
    public string Cpu { get; init; } = "i386";

    /// <summary><c>prefix</c>, "(hd0,msdos1)/boot/grub"; null for the folder of the configuration.</summary>
    public string? Prefix { get; init; }

    /// <summary>More variables, set and exported before the first line.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether unquoted <c>*</c> and <c>?</c> are matched with files from the start. In GRUB that is module regexp's work,
    /// which monolithic images have built in; <c>insmod regexp</c> turns it on in any case.
    /// </summary>
    public bool Globbing { get; init; } = true;

    /// <summary>Whether a kernel or ramdisk that isn't there fails its command, as in GRUB.</summary>
    public bool FilesMustExist { get; init; } = true;

    /// <summary>Red Hat's deviations from GNU GRUB.</summary>
    public RedHatDeviations RedHat { get; init; } = RedHatDeviations.BlsFallback;

    /// <summary>Whose <c>blscfg</c> it is; null: what the script shows of it (<c>insmod blscfg</c> is Red Hat's).</summary>
    public BlsDialect? BlsDialect { get; init; }

    /// <summary>How the words of a <c>linux</c> line are joined.</summary>
    public CommandLineQuoting Quoting { get; init; } = CommandLineQuoting.Escaped;

    /// <summary>
    /// Other loaders' configurations, by the GRUB command that reads them ("legacy_configfile", "syslinux_configfile").
    /// A command that is not in it fails and says that this is unsupported.
    /// </summary>
    public IReadOnlyDictionary<string, Func<IBootHost, BootFile, BootMenu>> ForeignMenus { get; init; } =
        new Dictionary<string, Func<IBootHost, BootFile, BootMenu>>();

    /// <summary>Receives what the script prints; null drops it.</summary>
    public Action<string>? Output { get; init; }

    /// <summary>Receives each error message as GRUB would print it, without "error: " and the place.</summary>
    public Action<string>? ErrorOutput { get; init; }

    /// <summary>Ceilings.</summary>
    public Grub2Limits Limits { get; init; } = new();
}

/// <summary>Where Red Hat's GRUB differs from GNU's (rhboot/grub2).</summary>
[Flags]
public enum RedHatDeviations
{
    /// <summary>As GNU GRUB.</summary>
    None = 0,

    /// <summary><c>\xHH</c> in words is kept as it is; GNU GRUB drops the backslash (rhboot/grub2 f435e2cae).</summary>
    KeepHexEscapes = 1,

    /// <summary><c>--users</c> of a menu entry may stand without a value (rhboot/grub2 42643b7a7).</summary>
    EmptyUsers = 2,

    /// <summary><c>blscfg</c> looks in /boot/loader/entries too where /loader/entries has nothing (blscfg.c).</summary>
    BlsFallback = 4,

    /// <summary>
    /// <c>default</c> is an id before it is a title, and a title before it is a number; GNU GRUB takes what begins with a digit
    /// for a number. Always so where the script loads Red Hat's module blscfg.
    /// </summary>
    NamesBeforeNumbers = 8,

    /// <summary>All of them.</summary>
    All = KeepHexEscapes | EmptyUsers | BlsFallback | NamesBeforeNumbers,
}

/// <summary>How GRUB joins words into the kernel's command line.</summary>
public enum CommandLineQuoting
{
    /// <summary>A backslash before <c>\ ' "</c>, and double quotes around a word with a space: all releases up to 2.12.</summary>
    Escaped,

    /// <summary>Only the double quotes around a word with a space: later development versions.</summary>
    SpacesOnly,
}
