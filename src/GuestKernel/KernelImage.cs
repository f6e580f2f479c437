using BlockRbd.Unpacking;

namespace BlockRbd.GuestKernel;

/// <summary>What a kernel's file is.</summary>
public enum KernelFormat
{
    /// <summary>Linux' own, with a setup header.</summary>
    BzImage,

    /// <summary>An ELF file: vmlinux, or another system's kernel.</summary>
    Elf,
}

/// <summary>How a kernel is to be started.</summary>
public enum GuestType
{
    /// <summary>Paravirtualised.</summary>
    Pv,

    /// <summary>In a hardware container without firmware.</summary>
    Pvh,
}

/// <summary>What the headers of a kernel's file say.</summary>
/// <param name="Format">What it is.</param>
/// <param name="Packing">How its payload is packed; null where by something unknown. <see cref="Packing.None"/> for an ELF file.</param>
/// <param name="Bits">32 or 64; null where the header is too old to say.</param>
/// <param name="PayloadStart">First byte of the payload in the file; 0 for an ELF file.</param>
/// <param name="PayloadLength">Bytes of it, without what Linux' build appends; the file's for an ELF file.</param>
/// <param name="UnpackedSize">What the build appended: bytes that come out. Null for an ELF file, and where there is no such number.</param>
/// <param name="BootProtocol">bzImage's protocol, 0x20F for 2.15; null for an ELF file.</param>
/// <param name="Version">bzImage's version text, "6.1.0-56-amd64 (…) #1 SMP …", a byte in each character; empty where it has none.</param>
public sealed record KernelImage(
    KernelFormat Format, Packing? Packing, int? Bits, long PayloadStart, long PayloadLength, long? UnpackedSize, int? BootProtocol, string Version)
{
    /// <summary>The Xen notes; null where nobody has looked, or could.</summary>
    public XenNotes? Notes { get; init; }

    /// <summary>Why the notes could not be looked at, in words that follow the file's name; null where they were, or nobody tried.</summary>
    public string? NotesProblem { get; init; }

    /// <summary>"gzip", "none", "something unknown".</summary>
    public string PackingName => Packing?.ToString().ToLowerInvariant() ?? "something unknown";

    /// <summary>Whether Xen can start it so; null where the notes aren't known.</summary>
    public bool? CanStart(GuestType type) => Notes is null ? null : (type == GuestType.Pv ? Notes.PvEntry : Notes.PvhEntry) is not null;
}
