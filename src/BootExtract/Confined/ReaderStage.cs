using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Output;
using BlockRbd.BootExtract.Reading;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>The part of a run that sees the guest's bytes, in this process or in one of its own.</summary>
internal static class ReaderStage
{
    private const string PipeName = "the pipe to pygrub-rbd";

    /// <summary>The second process: gives up its rights, then reads.</summary>
    public static int Run(ExtractRequest request, LimitSettings limits, ReaderDescriptors descriptors)
    {
        UserIds.Of(request.RunAs ?? throw new ExtractException(ExitCode.Usage, $"{ReaderProcess.Variable} without --runas: unset it")).Take();

        // Nobody would take the answer any more. After Take, because a change of uid clears it.
        _ = Libc.PrCtl(Libc.PR_SET_PDEATHSIG, Libc.SIGKILL, 0, 0, 0);
        FileSource[] disks = [.. descriptors.Disks.Zip(request.Images, (handle, image) => FileSource.Adopt(handle, image))];
        BootAnswer answer = Answer(request, limits, disks, descriptors.Kernel, descriptors.Ramdisk);
        Descriptor.WriteAll(descriptors.Answer, PipeName, AnswerMessage.Write(answer));
        return (int)ExitCode.Ok;
    }

    /// <summary>Chooses and copies.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="kernel">The kernel's output file; null to copy nothing.</param>
    /// <param name="ramdisk">The ramdisk's.</param>
    public static BootAnswer Answer(
        ExtractRequest request, LimitSettings limits, IReadOnlyList<BlockSource> disks, SafeFileHandle? kernel, SafeFileHandle? ramdisk) =>
        WithinBudget(limits, disks, null, watched =>
        {
            GuestReader reader = new(request, limits, watched, ExtractProgram.Note);
            BootChoice choice = reader.Choose();
            if (kernel is not null && reader.Copy(choice, kernel, ramdisk!) == 0)
            {
                choice = choice with { Initrds = [] }; // an empty file is no ramdisk to Xen, which can't map it
            }

            return GuestReader.Answer(choice);
        });

    /// <summary>Prints what -l, --explain and --isconfig are for.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="eachRead">Called before each read of a disk.</param>
    public static void Print(ExtractRequest request, LimitSettings limits, IReadOnlyList<BlockSource> disks, Action eachRead) =>
        WithinBudget(limits, disks, eachRead, watched =>
        {
            if (request.IsConfig)
            {
                ConfigReport.Print(request, watched[0]);
            }
            else
            {
                Print(request, new GuestReader(request, limits, watched, ExtractProgram.Note));
            }

            return true;
        });

    private static void Print(ExtractRequest request, GuestReader reader)
    {
        if (request.Explain)
        {
            // Each part as soon as it is known: when the next one fails, this is what helps.
            Descriptor.Print(Explanation.OfDisks(reader.Disks, reader.Host, request.Kernel is null ? reader.Search.Looked : []));
            if (request.Kernel is null)
            {
                Descriptor.Print(Explanation.OfMenu(reader.Menu));
            }
        }

        if (request.ListEntries)
        {
            MenuReport.Print(request, reader.Menu, reader.Kernels);
        }

        if (request.Explain)
        {
            Descriptor.Print(Explanation.OfChoice(reader.Choose(), reader.Kernels, request.Unpack));
        }
    }

    private static T WithinBudget<T>(
        LimitSettings limits, IReadOnlyList<BlockSource> disks, Action? eachRead, Func<IReadOnlyList<BlockSource>, T> read)
    {
        MemoryBudget budget = new(limits.MaxMemoryBytes, eachRead);
        try
        {
            T result = read([.. disks.Select(budget.Watch)]);
            return budget.Exceeded is { } exceeded ? throw exceeded : result;
        }
        catch (Exception) when (budget.Exceeded is not null)
        {
            throw budget.Exceeded;
        }
    }
}
