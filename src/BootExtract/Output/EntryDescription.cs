using BlockRbd.BootConfig;
using BlockRbd.BootExtract.Kernels;
using BlockRbd.GuestKernel;

namespace BlockRbd.BootExtract.Output;

/// <summary>One line of a guest's menu as lists and answers show it. Texts hold a byte in each character.</summary>
/// <param name="Index">Its place: "1>0".</param>
/// <param name="Title">Its title.</param>
/// <param name="Id">Its id, or empty.</param>
/// <param name="Device">GRUB's name of the volume that holds the kernel; null where no Linux boots.</param>
/// <param name="Kernel">The kernel's path in that volume, with the section's name in brackets where it is a part of a file; null where no Linux boots.</param>
/// <param name="Initrds">The initrds' paths, written likewise.</param>
/// <param name="Arguments">The command line; null where no Linux boots.</param>
/// <param name="What">What it is instead of a Linux; else null.</param>
internal sealed record EntryDescription(
    string Index, string Title, string Id, string? Device, string? Kernel, IReadOnlyList<string> Initrds, string? Arguments, string? What)
{
    /// <summary>The part of its file that the kernel is; null where it is all of it.</summary>
    public FileSlice? KernelSlice { get; init; }

    /// <summary>The same of each initrd, in their order.</summary>
    public IReadOnlyList<FileSlice?> InitrdSlices { get; init; } = [];

    /// <summary>What the kernel is; null where nobody has looked, or it is none.</summary>
    public KernelImage? Image { get; init; }

    /// <summary>Why it is none, in words that follow its name; null otherwise.</summary>
    public string? ImageProblem { get; init; }

    /// <summary>Runs an entry as far as needed to describe it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="kernels">Looks at its kernel; null to leave that.</param>
    public static EntryDescription Of(BootEntry entry, KernelLook? kernels = null)
    {
        try
        {
            BootPlan plan = entry.Plan();
            EntryDescription description = Of(entry, plan);
            if (kernels is null || plan is not LinuxBoot linux)
            {
                return description;
            }

            KernelImage? image = kernels.At(linux.Kernel, out string? problem);
            return description with { Image = image, ImageProblem = problem };
        }
        catch (BootConfigException e)
        {
            return new(entry.Index, entry.Title, entry.Id, Device: null, Kernel: null, [], Arguments: null, e.Message);
        }
    }

    /// <summary>Describes an entry that has been run.</summary>
    public static EntryDescription Of(BootEntry entry, BootPlan plan) => plan switch
    {
        LinuxBoot linux => new(
            entry.Index, entry.Title, entry.Id, linux.Kernel.Volume.GrubName, linux.Kernel.Name,
            [.. linux.Initrds.Select(initrd => initrd.Name)], linux.Arguments, What: null)
        {
            KernelSlice = linux.Kernel.Slice,
            InitrdSlices = [.. linux.Initrds.Select(initrd => initrd.Slice)],
        },
        OtherBoot other => new(entry.Index, entry.Title, entry.Id, Device: null, Kernel: null, [], Arguments: null, other.What),
        _ => throw new InvalidOperationException(plan.GetType().Name),
    };
}
