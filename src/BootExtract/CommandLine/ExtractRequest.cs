using BlockRbd.BootExtract.Kernels;
using BlockRbd.GuestKernel;

namespace BlockRbd.BootExtract.CommandLine;

/// <summary>How the answer is written.</summary>
internal enum OutputFormat
{
    /// <summary>pygrub's default, for xend.</summary>
    Sxp,

    /// <summary>A value a line, for xenopsd.</summary>
    Simple,

    /// <summary>A value before each NUL, for libxl.</summary>
    Simple0,
}

/// <summary>What the program is asked for: the command line as one value.</summary>
/// <remarks>Names and texts that are meant for the guest hold a byte in each character (see <see cref="BootConfig.GuestText"/>); the host's paths are ordinary strings.</remarks>
internal sealed record ExtractRequest
{
    /// <summary>Where pygrub puts its files unless told otherwise.</summary>
    public const string DefaultOutputDirectory = "/var/run/xen/pygrub";

    /// <summary>The guest's disks, the boot disk first; with <see cref="IsConfig"/> a configuration file.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Prints the help and does nothing else.</summary>
    public bool Help { get; init; }

    /// <summary>Prints the version and does nothing else.</summary>
    public bool Version { get; init; }

    /// <summary>Whether a menu asks where standard input is a terminal.</summary>
    public bool Interactive { get; init; } = true;

    /// <summary>Lists the entries and hands nothing over.</summary>
    public bool ListEntries { get; init; }

    /// <summary>Says where things came from and hands nothing over.</summary>
    public bool Explain { get; init; }

    /// <summary>Answers with the guest's own paths and copies nothing.</summary>
    public bool NotReally { get; init; }

    /// <summary>The image is a boot configuration, not a disk.</summary>
    public bool IsConfig { get; init; }

    /// <summary>Errors come with where they were thrown.</summary>
    public bool Debug { get; init; }

    /// <summary>Lists and answers are JSON.</summary>
    public bool Json { get; init; }

    /// <summary>File or FIFO that the answer goes to; null for standard output.</summary>
    public string? Output { get; init; }

    /// <summary>The answer's format.</summary>
    public OutputFormat Format { get; init; } = OutputFormat.Sxp;

    /// <summary>Where kernel and ramdisk go.</summary>
    public string OutputDirectory { get; init; } = DefaultOutputDirectory;

    /// <summary>First byte of the boot disk's only filesystem, which stands in no partition table; null to look for partitions.</summary>
    public long? Offset { get; init; }

    /// <summary>User whose rights must do before the first guest byte is read; null for one of our choice.</summary>
    public string? RunAs { get; init; }

    /// <summary>It is an error where a layer of the confinement can't be had.</summary>
    public bool RequireConfinement { get; init; }

    /// <summary>Whether it only prints something, and hands nothing over.</summary>
    public bool Prints => ListEntries || Explain || IsConfig;

    /// <summary>The entry to boot; null for the guest's own choice.</summary>
    public string? Entry { get; init; }

    /// <summary>The boot configuration by its path in the guest; null to look for one.</summary>
    public string? Config { get; init; }

    /// <summary>A kernel of the guest by its path, in place of an entry's.</summary>
    public string? Kernel { get; init; }

    /// <summary>A ramdisk of the guest by its path, in place of an entry's.</summary>
    public string? Ramdisk { get; init; }

    /// <summary>When a bzImage's payload is handed over instead.</summary>
    public UnpackMode Unpack { get; init; } = UnpackMode.Auto;

    /// <summary>How the domain is going to be started: a kernel that can't be is an error; null to hand over any.</summary>
    public GuestType? Type { get; init; }

    /// <summary>Added to the entry's arguments; with <see cref="Kernel"/>, all of them.</summary>
    public string Arguments { get; init; } = "";
}
