using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Reading;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.GuestKernel;
using BlockRbd.TwoStages;
using BlockRbd.Unpacking;

namespace BlockRbd.BootExtract.Kernels;

/// <summary>Looks at the kernels of one run, each once, and only when something asks: unpacking one to its notes takes much longer than the whole list.</summary>
internal sealed class KernelLook
{
    private readonly Dictionary<string, (KernelImage? Image, string? Problem)> _seen = [];

    /// <summary>A kernel with its Xen notes.</summary>
    /// <param name="kernel">Its file.</param>
    /// <param name="problem">What is wrong with it, in words that follow its name; null where it could be looked at.</param>
    /// <returns>Null where it is no kernel that can be looked at.</returns>
    public KernelImage? At(BootFile kernel, out string? problem)
    {
        if (!_seen.TryGetValue(kernel.ToString(), out (KernelImage? Image, string? Problem) seen))
        {
            seen = _seen[kernel.ToString()] = Look(kernel);
        }

        problem = seen.Problem;
        return seen.Image;
    }

    /// <summary>Refuses a kernel that can't be started as the domain's type wants.</summary>
    /// <exception cref="ExtractException">It can't (<see cref="ExitCode.WrongType"/>).</exception>
    public void Require(GuestType type, BootFile kernel)
    {
        string shown = $"kernel {GuestFiles.Shown(kernel)}", name = type == GuestType.Pv ? "PV" : "PVH";
        KernelImage? image = At(kernel, out string? problem);
        problem ??= image!.NotesProblem;
        if (problem is not null)
        {
            throw new ExtractException(ExitCode.WrongType, $"{shown} {problem}: it can't be started as a {name} guest; choose another entry with --entry (pygrub-rbd -l lists them)");
        }

        if (image!.CanStart(type) != true)
        {
            GuestType other = type == GuestType.Pv ? GuestType.Pvh : GuestType.Pv;
            throw new ExtractException(ExitCode.WrongType, image.CanStart(other) == true
                ? $"{shown} has no {name} entry point, only one for {(other == GuestType.Pv ? "PV" : "PVH")}: set type=\"{(other == GuestType.Pv ? "pv" : "pvh")}\" in the domain's configuration"
                : $"{shown} has no {name} entry point{(image.Notes!.Count == 0 ? ", nor any Xen note" : "")}: it needs a kernel built with CONFIG_XEN_{name}, or type=\"hvm\" without a bootloader");
        }
    }

    /// <summary>Whether the kernel is to be unpacked, by its headers alone.</summary>
    /// <param name="mode">What is asked for.</param>
    /// <param name="file">The kernel's inode.</param>
    /// <param name="shown">Its name for messages.</param>
    /// <param name="why">Why, for a person; null where it isn't.</param>
    /// <returns>What its headers say; null where it is handed over as it is.</returns>
    /// <exception cref="ExtractException">It should be unpacked, and is no kernel.</exception>
    public static KernelImage? ToUnpack(UnpackMode mode, FileNode file, string shown, out string? why)
    {
        why = null;
        if (mode == UnpackMode.Never)
        {
            return null;
        }

        KernelImage image;
        try
        {
            image = KernelInspector.LookAtHeaders(new KernelNode(file));
        }
        catch (KernelException) when (mode == UnpackMode.Auto)
        {
            return null; // Xen's builder may know what it is; if not, it says so
        }
        catch (KernelException e)
        {
            throw Failed(e, shown);
        }

        if (image.Format == KernelFormat.Elf)
        {
            return null;
        }

        if (mode == UnpackMode.Always)
        {
            why = "--unpack=always";
            return image;
        }

        if (image.Packing is not (Packing.Lz4 or Packing.Zstd) || XenGuestLibrary.Installed() is not { } version
            || XenGuestLibrary.Takes(image.Packing.Value, version) != false)
        {
            return null;
        }

        why = $"libxenguest {version} takes no {image.PackingName}";
        return image;
    }

    /// <summary>A kernel's trouble as the program's.</summary>
    public static ExtractException Failed(KernelException failure, string shown) => failure.Fault switch
    {
        UnpackFault.OverLimit => new ExtractException(
            ExitCode.OverLimit, $"kernel {shown} {failure.Message}: if the guest is trusted, raise {StageLimits.FileSizeVariable}", failure),
        UnpackFault.Unsupported => new ExtractException(ExitCode.Unsupported, $"kernel {shown} {failure.Message}", failure),
        _ => new ExtractException(ExitCode.Corrupt, $"kernel {shown} {failure.Message}: choose another entry with --entry, or repair it in the guest", failure),
    };

    private static (KernelImage? Image, string? Problem) Look(BootFile kernel)
    {
        try
        {
            return (KernelInspector.Look(new KernelNode(GuestFiles.OpenKernel(kernel))), null);
        }
        catch (KernelException e)
        {
            return (null, e.Message);
        }
        catch (Exception e) when (e is ExtractException or ImageFormatException { Fault: not ImageFault.OverLimit })
        {
            return (null, $"can't be read: {e.Message}");
        }
    }
}
