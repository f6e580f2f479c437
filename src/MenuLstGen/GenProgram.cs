using System.Runtime.InteropServices;
using BlockRbd.BootConfig;
using BlockRbd.Linux;
using BlockRbd.MenuLstGen.Checks;
using BlockRbd.MenuLstGen.Confined;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.MenuLstGen.Menu;
using BlockRbd.MenuLstGen.Output;
using BlockRbd.TwoStages;

namespace BlockRbd.MenuLstGen;

/// <summary>The program from what it was asked for to its exit code.</summary>
internal static class GenProgram
{
    private static readonly IReadOnlyList<(int Number, string Name)> Ending =
        [(Libc.SIGTERM, "SIGTERM"), (Libc.SIGINT, "SIGINT"), (Libc.SIGHUP, "SIGHUP"), (Libc.SIGQUIT, "SIGQUIT")];

    /// <summary>Runs it, and says what went wrong.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="arguments">The same as it was typed.</param>
    public static int Run(GenRequest request, IReadOnlyList<string> arguments)
    {
        List<PosixSignalRegistration> signals = [];
        try
        {
            StageLimits limits = StageLimits.From(Environment.GetEnvironmentVariable);
            if (Environment.GetEnvironmentVariable(GuestProcess.Variable) is { } orders)
            {
                return (int)GuestProcess.Obey(request, limits, StageOrders.Parse(GuestProcess.Variable, orders), (guest, output) => Generate(request, guest, output));
            }

            GuestProcess process = new();
            signals = HeedSignals(process.Kill, limits.MaxSeconds);
            using HostOutput host = new(request, Complain);
            if (request.Root is not { } root)
            {
                return process.Run(request, arguments, host);
            }

            using OpenGuest mounted = OpenGuest.OfRoot(root, request, Complain);
            return (int)Generate(request, mounted, host);
        }
        catch (StageGoneException)
        {
            return (int)ExitCode.Internal; // the first process has ended, and said why
        }
        catch (Exception e)
        {
            Complain(Failures.SentenceOf(e));
            return (int)Failures.CodeOf(e);
        }
        finally
        {
            _ = Libc.Alarm(0);
            signals.ForEach(static signal => signal.Dispose());
        }
    }

    private static ExitCode Generate(GenRequest request, OpenGuest guest, IGenOutput output)
    {
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
                // The initrds first: a menu never names one that isn't there.
                foreach (MergedInitrd merged in builder.Merged.Values)
                {
                    output.Initrd(merged.Name, merged);
                }

                output.Menu(text);
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

    private static List<PosixSignalRegistration> HeedSignals(Action killReader, int seconds)
    {
        // A reader that is gone, or a file-size limit: an error of write(2), not the end.
        _ = Libc.Signal(Libc.SIGPIPE, Libc.SIG_IGN);
        _ = Libc.Signal(Libc.SIGXFSZ, Libc.SIG_IGN);
        _ = Libc.Alarm((uint)seconds);
        return
        [
            PosixSignalRegistration.Create((PosixSignal)Libc.SIGALRM, _ =>
                End(killReader, (int)ExitCode.OverLimit, $"no menu within {seconds} s: look whether the disk hangs, or raise {StageLimits.TimeVariable}")),
            .. Ending.Select(signal => PosixSignalRegistration.Create((PosixSignal)signal.Number, _ =>
                End(killReader, (int)ExitCode.Signal + signal.Number, $"ended by {signal.Name}"))),
        ];
    }

    private static void End(Action killReader, int status, string message)
    {
        TemporaryFile.RemoveAllForGood();
        killReader();
        Complain(message);
        Libc.ExitNow(status);
    }

    private static void Complain(string line) => Descriptor.Complain($"menulst-gen: {line.ReplaceLineEndings(" ")}");
}
