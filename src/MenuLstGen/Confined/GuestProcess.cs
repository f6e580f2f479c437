using BlockRbd.GuestDisk.Sources;
using BlockRbd.MenuLstGen.Guest;
using BlockRbd.MenuLstGen.Output;
using BlockRbd.TwoStages;

namespace BlockRbd.MenuLstGen.Confined;

/// <summary>Disks are read by this program once more, confined: the one process opens and writes, the other one reads the guest.</summary>
internal sealed class GuestProcess
{
    /// <summary>Marks the other process.</summary>
    public const string Variable = "MENULST_GEN_READER";

    private static readonly IReadOnlyList<string> Inherited = [.. StageLimits.Variables, "DOTNET_ROOT"];

    private readonly SecondStage _stage = new("menulst-gen", Variable);

    /// <summary>Opens the disks, has them read, and puts what came of it where it belongs.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Where it belongs.</param>
    /// <returns>The other one's exit code.</returns>
    public int Run(GenRequest request, IReadOnlyList<string> arguments, HostOutput output)
    {
        List<BlockSource> disks = [];
        try
        {
            foreach (string image in request.Images)
            {
                disks.Add(OpenGuest.OpenImage(image));
            }

            string? menu = _stage.Run(
                arguments, SecondStage.Inherit(Inherited), UserIds.ForReading(runAs: null), [], disks, answers => new PipeAnswer(answers).Receive(output));
            int status = _stage.Wait();
            if (status == (int)ExitCode.Ok && menu is not null)
            {
                output.Menu(menu);
            }

            return status;
        }
        finally
        {
            disks.ForEach(static disk => disk.Dispose());
        }
    }

    /// <summary>Ends it at once. For a signal's thread.</summary>
    public void Kill() => _stage.Kill();

    /// <summary>The other process: gives up its rights, then reads.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="orders">What it was given.</param>
    /// <param name="generate">Makes the menu of a guest.</param>
    /// <exception cref="StageException">A layer is missing, and required; or memory is.</exception>
    public static ExitCode Obey(GenRequest request, StageLimits limits, StageOrders orders, Func<OpenGuest, IGenOutput, ExitCode> generate)
    {
        orders.Obey();
        IReadOnlyList<BlockSource> disks = orders.Sources(request.Images);
        Confining.Enter(limits, orders.User, orders.Layers, request.RequireConfinement);
        return MemoryBudget.Within(limits, disks, watched =>
        {
            using OpenGuest guest = OpenGuest.OfDisks(watched);
            return generate(guest, new PipeOutput(orders.Answer));
        });
    }
}
