using BlockRbd.MenuLstGen.Checks;

namespace BlockRbd.MenuLstGen;

/// <summary>What the program was asked for.</summary>
internal sealed record GenRequest
{
    /// <summary>Files and devices that hold the guest's disks, the boot disk first; empty with <see cref="Root"/>.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Directory where the guest is mounted, "/" inside it; null where disks are given.</summary>
    public string? Root { get; init; }

    /// <summary>With <see cref="Root"/>: the guest's disks on this host, in the guest's order.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>With <see cref="Root"/>: what PV-GRUB calls a partition, "(hd0,0)" or "/boot=(hd0,0)".</summary>
    public IReadOnlyList<string> GrubRoots { get; init; } = [];

    /// <summary>The entry that boots by itself; null for the guest's own default.</summary>
    public string? Entry { get; init; }

    /// <summary>Made the last <c>console=</c> of each entry's arguments; null leaves them.</summary>
    public string? Console { get; init; }

    /// <summary>Added behind each entry's arguments; null adds nothing.</summary>
    public string? Append { get; init; }

    /// <summary>The file whose block is replaced; null for standard output.</summary>
    public string? Output { get; init; }

    /// <summary>Only look for what PV-GRUB can't do: nothing is written.</summary>
    public bool Check { get; init; }

    /// <summary>Which PV-GRUB it is for.</summary>
    public PvGrub Loader { get; init; } = PvGrub.Any;

    /// <summary>32 or 64 where PV-GRUB's own bitness is known; else null.</summary>
    public int? Bits { get; init; }

    /// <summary>Whether reading a disk without every layer of confinement is an error.</summary>
    public bool RequireConfinement { get; init; }

    /// <summary>Where several initrds are written as one; null: they aren't.</summary>
    public string? MergeInitrd { get; init; }
}
