using System.Runtime.InteropServices;
using BlockRbd.BootConfig;
using BlockRbd.Linux;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.MenuLstGen.Menu;
using BlockRbd.MenuLstGen.Output;

namespace BlockRbd.MenuLstGen;

/// <summary>The program from what it was asked for to its exit code.</summary>
internal static class GenProgram
{
    private static readonly IReadOnlyList<(int Number, string Name)> Ending =
        [(Libc.SIGTERM, "SIGTERM"), (Libc.SIGINT, "SIGINT"), (Libc.SIGHUP, "SIGHUP"), (Libc.SIGQUIT, "SIGQUIT")];

    /// <summary>Runs it, and says what went wrong.</summary>
    public static ExitCode Run(GenRequest request)
    {
        List<PosixSignalRegistration> signals = HeedSignals();
        try
        {
            return Generate(request);
        }
        catch (Exception e)
        {
            Complain(Failures.SentenceOf(e));
            return Failures.CodeOf(e);
        }
        finally
        {
            signals.ForEach(static signal => signal.Dispose());
        }
    }

    private static ExitCode Generate(GenRequest request)
    {
        using OpenGuest guest = OpenGuest.Open(request, Complain);
        BootSearch search = BootFinder.Find(guest.Host);
        BootMenu menu = search.Menu ?? throw new GenException(
            ExitCode.NotFound,
            $"no boot configuration: {search.WhyNothing()}; pygrub-rbd --explain lists the places");
        Findings findings = new();
        MenuBuilder builder = new(request, new XenKernelInspector(), findings, Complain);
        try
        {
            string text = builder.Build(menu).Text();
            if (!request.Check)
            {
                Write(request, builder, text);
            }
        }
        finally
        {
            foreach (string line in search.Warnings.Select(GuestText.Display).Concat(menu.Warnings).Concat(findings.Lines()))
            {
                Complain($"warning: {line}");
            }
        }

        return request.Check && findings.Any ? ExitCode.Findings : ExitCode.Ok;
    }

    private static void Write(GenRequest request, MenuBuilder builder, string text)
    {
        // The initrds first: a menu never names one that isn't there.
        foreach (MergedInitrd merged in builder.Merged.Values)
        {
            merged.Write(request.Root);
            Complain($"{merged.HostPath}: {merged.Parts.Count} initrds as one; the menu calls it {GuestText.Display(merged.MenuPath)}");
        }

        if (request.Output is { } path)
        {
            using OutputPlace place = OutputPlace.Open(path, request.Root);
            new MenuFile(place).Replace(text, Complain);
            return;
        }

        try
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(GuestText.ToBytes(MarkedBlock.Of(text)));
            output.Flush();
        }
        catch (IOException e)
        {
            throw new GenException(ExitCode.OutputError, $"standard output: {e.Message}", e);
        }
    }

    private static List<PosixSignalRegistration> HeedSignals()
    {
        // A reader that is gone, or a file-size limit: an error of write(2), not the end.
        _ = Libc.Signal(Libc.SIGPIPE, Libc.SIG_IGN);
        _ = Libc.Signal(Libc.SIGXFSZ, Libc.SIG_IGN);
        return
        [
            .. Ending.Select(signal => PosixSignalRegistration.Create((PosixSignal)signal.Number, _ =>
            {
                TemporaryFile.RemoveAllForGood();
                Complain($"ended by {signal.Name}");
                Libc.ExitNow((int)ExitCode.Signal + signal.Number);
            })),
        ];
    }

    private static void Complain(string line) => Console.Error.WriteLine($"menulst-gen: {line.ReplaceLineEndings(" ")}");
}
