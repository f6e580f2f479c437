namespace BlockRbd.MenuLstGen.Checks;

/// <summary>How a kernel's code is packed.</summary>
internal enum KernelCompression
{
    /// <summary>Not at all: an ELF file.</summary>
    None,
    Gzip,
    Bzip2,
    Lzma,
    Xz,
    Lzo,
    Lz4,
    Zstd,

    /// <summary>By something that isn't known here.</summary>
    Unknown,
}

/// <summary>What a loader has to know of a kernel's file.</summary>
/// <param name="Compression">How it is packed.</param>
/// <param name="Bits">32 or 64; null where the file doesn't say.</param>
/// <param name="HasXenEntry">Whether it has the ELF notes by which Xen starts it as a PV guest; null where nobody has looked.</param>
internal sealed record KernelFacts(KernelCompression Compression, int? Bits, bool? HasXenEntry);

/// <summary>Looks at kernels. The whole of what this program wants of kernel inspection.</summary>
internal interface IKernelInspector
{
    /// <summary>Looks at a kernel's file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">Why it is no kernel that Xen could start, in words that follow the file's name; else null.</param>
    /// <returns>Null where it is none.</returns>
    KernelFacts? Look(Guest.IGuestFile file, out string? problem);
}
