using BlockRbd.Unpacking;

namespace BlockRbd.MenuLstGen.Checks;

/// <summary>What a loader has to know of a kernel's file.</summary>
/// <param name="Packing">How it is packed; null for something unknown.</param>
/// <param name="PackingName">The same for people: "gzip".</param>
/// <param name="Bits">32 or 64; null where the file doesn't say.</param>
/// <param name="HasXenEntry">Whether it has the ELF notes by which Xen starts it as a PV guest; null where that could not be looked at.</param>
internal sealed record KernelFacts(Packing? Packing, string PackingName, int? Bits, bool? HasXenEntry);

/// <summary>Looks at kernels. The whole of what this program wants of kernel inspection.</summary>
internal interface IKernelInspector
{
    /// <summary>Looks at a kernel's file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">Why it is no kernel that Xen could start, in words that follow the file's name; else null.</param>
    /// <returns>Null where it is none.</returns>
    KernelFacts? Look(Guest.IGuestFile file, out string? problem);
}
