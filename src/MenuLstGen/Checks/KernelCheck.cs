using BlockRbd.MenuLstGen.Guest;
using BlockRbd.Unpacking;

namespace BlockRbd.MenuLstGen.Checks;

/// <summary>Whether PV-GRUB can start a kernel.</summary>
/// <param name="inspector">Looks at it.</param>
/// <param name="loader">Which PV-GRUB.</param>
/// <param name="bits">PV-GRUB's bitness, or null.</param>
internal sealed class KernelCheck(IKernelInspector inspector, PvGrub loader, int? bits)
{
    // grub-core/loader/i386/xen_file.c opens the payload as a file, so that GRUB's own filters unpack it: gzio, xzio and lzopio.
    private static readonly HashSet<Packing> ReadByGrub2 =
        [Packing.None, Packing.Gzip, Packing.Xz, Packing.Lzo];

    // stubdom/grub/kexec.c hands it to libxenguest built for Mini-OS (xg_dom_bzimageloader.c, xg_dom_decompress_unsafe_*.c, _lz4.c).
    private static readonly HashSet<Packing> ReadByLegacy =
    [
        Packing.None, Packing.Gzip, Packing.Bzip2, Packing.Lzma, Packing.Xz, Packing.Lzo,
        Packing.Lz4,
    ];

    /// <summary>What it can't do with a kernel: sentences that say "it" of the kernel named before.</summary>
    public IEnumerable<string> Problems(IGuestFile kernel)
    {
        if (inspector.Look(kernel, out string? problem) is not { } facts)
        {
            yield return $"kernel {kernel.Name} {problem}: PV-GRUB can't start it";
            yield break;
        }

        if (loader.HasFlag(PvGrub.Grub2) && !(facts.Packing is { } packing && ReadByGrub2.Contains(packing)))
        {
            yield return $"kernel {kernel.Name} is packed with {facts.PackingName}: PV-GRUB 2 unpacks gzip, xz and lzo only";
        }

        if (loader.HasFlag(PvGrub.Legacy) && !(facts.Packing is { } known && ReadByLegacy.Contains(known)))
        {
            yield return facts.Packing == Packing.Zstd
                ? $"kernel {kernel.Name} is packed with zstd: a PV-GRUB built from Xen before 4.15 can't unpack it"
                : $"kernel {kernel.Name} is packed with {facts.PackingName}: PV-GRUB can't unpack it";
        }

        if (bits is { } wanted && facts.Bits is { } has && has != wanted)
        {
            yield return $"kernel {kernel.Name} has {has} bits, PV-GRUB {wanted}: each starts kernels of its own bitness only";
        }

        if (facts.HasXenEntry == false)
        {
            yield return $"kernel {kernel.Name} has no PV entry point among Xen notes: it can't be started as a PV guest";
        }
    }
}
