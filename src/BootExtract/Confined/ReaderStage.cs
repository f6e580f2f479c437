using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Menu;
using BlockRbd.BootExtract.Output;
using BlockRbd.BootExtract.Reading;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux.Confinement;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>The part of a run that sees the guest's bytes, in this process or in one of its own.</summary>
internal static class ReaderStage
{
    private const string PipeName = "the pipe to pygrub-rbd";

    /// <summary>The second process: gives up its rights, then reads.</summary>
    public static int Run(ExtractRequest request, StageLimits limits, StageOrders orders)
    {
        ReaderFiles files = ReaderFiles.Of(orders);
        orders.Obey();
        IReadOnlyList<BlockSource> disks = orders.Sources(request.Images);
        ConfinementLayers layers = Confining.Enter(limits, orders.User, orders.Layers, request.RequireConfinement);
#if CONFINEMENT_PROBE
        if (request.Entry is { } attempt)
        {
            return Probe.Run(attempt, files.Kernel?.DangerousGetHandle() ?? -1);
        }
#endif
        if (request.Prints)
        {
            if (request.Explain)
            {
                Descriptor.Print(Explanation.OfConfinement(layers));
            }

            Print(request, limits, disks);
            return (int)ExitCode.Ok;
        }

        Func<IMenuGuest, bool>? menu = files.Questions is { } questions ? new MenuServer(questions, orders.Answer).Run : null;
        BootAnswer answer;
        try
        {
            answer = Answer(request, limits, disks, files.Kernel, files.Ramdisk, menu);
        }
        catch (StageGoneException)
        {
            return (int)ExitCode.Internal; // the first process has ended, and said why
        }

        Descriptor.WriteAll(orders.Answer, PipeName, AnswerMessage.Write(answer));
        return (int)ExitCode.Ok;
    }

    /// <summary>Chooses and copies.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="kernel">The kernel's output file; null to copy nothing.</param>
    /// <param name="ramdisk">The ramdisk's.</param>
    /// <param name="menu">Lets a person choose, and says whether an entry was chosen; null, or false, for the guest's own choice.</param>
    public static BootAnswer Answer(
        ExtractRequest request,
        StageLimits limits,
        IReadOnlyList<BlockSource> disks,
        SafeFileHandle? kernel,
        SafeFileHandle? ramdisk,
        Func<IMenuGuest, bool>? menu) =>
        MemoryBudget.Within(limits, disks, watched =>
        {
            HeldNotes notes = new(ExtractProgram.Note, hold: menu is not null);
            GuestReader reader = new(request, limits, watched, notes.Add);
            BootChoice choice = Choose(reader, menu, notes);
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
    public static void Print(ExtractRequest request, StageLimits limits, IReadOnlyList<BlockSource> disks) =>
        MemoryBudget.Within(limits, disks, watched =>
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

    private static BootChoice Choose(GuestReader reader, Func<IMenuGuest, bool>? menu, HeldNotes notes)
    {
        try
        {
            MenuGuest guest = new(reader);
            return menu?.Invoke(guest) == true ? guest.Choice! : reader.Choose();
        }
        finally
        {
            notes.Release();
        }
    }

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
}
