using System.Text;
using BlockRbd.BootConfig;
using BlockRbd.BootExtract.CommandLine;
using BlockRbd.BootExtract.Confined;
using BlockRbd.BootExtract.Disks;
using BlockRbd.BootExtract.Menu;
using BlockRbd.BootExtract.Output;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.Linux.Confinement;
using BlockRbd.TwoStages;

namespace BlockRbd.BootExtract;

/// <summary>The program from its arguments to its exit code.</summary>
internal static class ExtractProgram
{
    /// <summary>Runs it.</summary>
    /// <param name="args">As the runtime gives them.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        bool debug = args.Contains("--debug"); // so that also an error in the arguments themselves has its trace
        try
        {
            string? orders = Environment.GetEnvironmentVariable(ReaderProcess.Variable);
            IReadOnlyList<string> arguments = orders is null ? RawArguments.From(args) : args; // the second process gets a character for each byte
            ExtractRequest request = Arguments.Parse(arguments, Environment.GetEnvironmentVariable("POSIXLY_CORRECT") is not null);
            debug = request.Debug;
            if (request.Help || request.Version)
            {
                Descriptor.Print(request.Help ? HelpText.Text : $"pygrub-rbd {BuildVersion.Text}\n");
                return (int)ExitCode.Ok;
            }

            StageLimits limits = StageLimits.From(Environment.GetEnvironmentVariable);
            return orders is null ? Run(request, limits, arguments) : ReaderStage.Run(request, limits, StageOrders.Parse(ReaderProcess.Variable, orders));
        }
        catch (Exception e)
        {
            return (int)Report(e, debug);
        }
    }

    /// <summary>Says what went wrong. xenopsd looks for the last line that begins with "RuntimeError: ", Python's way of ending pygrub.</summary>
    internal static ExitCode Report(Exception failure, bool debug)
    {
        if (debug)
        {
            Descriptor.Complain(failure.ToString());
        }

        Descriptor.Complain($"RuntimeError: {Failures.LineOf(failure)}");
        return Failures.CodeOf(failure);
    }

    /// <summary>Tells a person something that is no error.</summary>
    internal static void Note(string text) => Descriptor.Complain($"pygrub-rbd: {text}");

    private static int Run(ExtractRequest request, StageLimits limits, IReadOnlyList<string> arguments)
    {
        Undo undo = new();
        ReaderProcess process = new();
        using SignalGuard guard = new(undo, limits.MaxSeconds, process.Kill);
        using Undo undone = undo; // before the guard goes: a terminal that hangs up is an error and a signal at once
        using OpenDisks disks = OpenDisks.Open(request);
        UserIds? user = UserIds.ForReading(request.RunAs);
        if (request.Prints)
        {
            return Print(request, limits, arguments, disks, user, process);
        }

        MenuSession? menu = request.Interactive && request.Kernel is null ? MenuSession.Find(undo) : null;
        OutputFiles? files = request.NotReally ? null : OutputFiles.Make(request.OutputDirectory, undo);
        if (process.Run(arguments, user, files, disks.All, menu, out int status) is not { } answer)
        {
            return status; // it has said why
        }

        HandOver(request, answer, files, undo);
        return (int)ExitCode.Ok;
    }

    /// <summary>
    /// Nothing is made, so there is nothing that would have to be taken back with the rights that go here: a list of files is printed by this very process,
    /// confined but for what only a new one gets, namespaces. A second one would double the time of a list.
    /// </summary>
    private static int Print(
        ExtractRequest request, StageLimits limits, IReadOnlyList<string> arguments, OpenDisks disks, UserIds? user, ReaderProcess process)
    {
        if (request.Explain || request.RequireConfinement || !disks.All.All(static disk => disk is FileSource))
        {
            return process.Print(arguments, user, disks.All);
        }

        user?.Take();
        Confining.Enter(limits, user, ConfinementLayers.None, request.RequireConfinement);
        ReaderStage.Print(request, limits, disks.All);
        return (int)ExitCode.Ok;
    }

    private static void HandOver(ExtractRequest request, BootAnswer answer, OutputFiles? files, Undo undo)
    {
        string kernel = files is null ? answer.KernelPlaceholder : GuestText.FromBytes(Encoding.UTF8.GetBytes(files.Kernel.Path));
        string? ramdisk = answer.Ramdisks.Count == 0 ? null
            : files is null ? answer.RamdiskPlaceholder
            : GuestText.FromBytes(Encoding.UTF8.GetBytes(files.Ramdisk.Path));
        byte[] text = request.Json
            ? JsonAnswers.Answer(kernel, ramdisk, answer)
            : AnswerText.Format(request.Format, kernel, ramdisk, answer.Arguments);
        if (ramdisk is null)
        {
            files?.RemoveRamdisk();
        }

        AnswerOutput.Write(request.Output, text, undo);
        undo.Forget();
    }
}
