using BlockRbd.BootExtract.Kernels;
using BlockRbd.BootExtract.Menu;
using BlockRbd.BootExtract.Output;
using BlockRbd.GuestDisk.Sources;
using BlockRbd.TwoStages;
using Microsoft.Win32.SafeHandles;

namespace BlockRbd.BootExtract.Confined;

/// <summary>The process that reads the guest, seen from the one that has the rights: its menu is shown, its answer taken.</summary>
internal sealed class ReaderProcess
{
    /// <summary>Marks that process.</summary>
    public const string Variable = "PYGRUB_RBD_READER";

    // All that goes from our environment to the other's. The last is for builds that are not native.
    private static readonly IReadOnlyList<string> Inherited = [.. StageLimits.Variables, "POSIXLY_CORRECT", "DOTNET_ROOT"];

    private readonly SecondStage _stage = new("pygrub-rbd", Variable);

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The command line, a character for each byte.</param>
    /// <param name="user">Whom it becomes; null to stay.</param>
    /// <param name="files">The output files, or null where nothing is copied.</param>
    /// <param name="disks">The open disks.</param>
    /// <param name="menu">The menu that is shown before; null for none.</param>
    /// <param name="status">Its exit code.</param>
    /// <returns>Its answer; null where it ended with an error, which it has told.</returns>
    /// <exception cref="StageException">It can't be started, or died.</exception>
    public BootAnswer? Run(
        IReadOnlyList<string> arguments, UserIds? user, OutputFiles? files, IReadOnlyList<BlockSource> disks, MenuSession? menu, out int status)
    {
        (SafeFileHandle? questionsEnd, SafeFileHandle? questions) = menu is null ? (null, null) : SecondStage.Pipe();
        using (questions)
        {
            ReaderFiles handed = new(questionsEnd, files?.Kernel.Handle, files?.Ramdisk.Handle);
            byte[] message = _stage.Run(arguments, Environment(), user, handed.Handed, disks, answers =>
            {
                questionsEnd?.Dispose(); // so that the other's end is the pipe's end
                if (menu is not null)
                {
                    ShowMenu(menu, questions!, answers);
                }

                return SecondStage.ReadToEnd(answers, AnswerMessage.MaxBytes);
            });
            status = _stage.Wait();
            return status == 0 ? AnswerMessage.Read(message) : null;
        }
    }

    /// <summary>Runs it where it prints.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="StageException">It can't be started, or died.</exception>
    public int Print(IReadOnlyList<string> arguments, UserIds? user, IReadOnlyList<BlockSource> disks)
    {
        _ = _stage.Run(arguments, Environment(), user, new ReaderFiles(null, null, null).Handed, disks, static answers => SecondStage.ReadToEnd(answers, maxBytes: 0));
        return _stage.Wait();
    }

    /// <summary>Ends it at once. For a signal's thread.</summary>
    public void Kill() => _stage.Kill();

    private static void ShowMenu(MenuSession menu, SafeFileHandle questions, SafeFileHandle answers)
    {
        MenuClient client = new(questions, answers);
        try
        {
            client.Go(menu.Run(client));
        }
        catch (StageGoneException)
        {
            // It has told why, or its exit code will.
        }
    }

    private static List<string> Environment()
    {
        List<string> environment = SecondStage.Inherit(Inherited);
        if (XenGuestLibrary.Installed() is { } version)
        {
            environment.Add($"{XenGuestLibrary.Variable}={version}"); // the other one can't look for it
        }

        return environment;
    }
}
