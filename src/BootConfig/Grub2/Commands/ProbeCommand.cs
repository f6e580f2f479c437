namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>probe</c>: what a device is (grub-core/commands/probe.c).</summary>
internal static class ProbeCommand
{
    private static readonly CommandSyntax Syntax = new(
        [
            new("set", 's', TakesValue: true), new("driver", 'd'), new("partmap", 'p'), new("fs", 'f'), new("fs-uuid", 'u'),
            new("label", 'l'), new("part-uuid"),
        ]);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table = [new("probe", Run)];

    private static GrubError Run(GrubMachine machine, CommandCall call)
    {
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        if (options.Arguments.Count == 0)
        {
            return machine.Fail(GrubError.BadArgument, "device name required", call);
        }

        string name = options.Arguments[0] is ['(', .. string inner, ')'] ? inner : options.Arguments[0];
        if (machine.OpenDevice(name, call.Position) is not { } volume || Answer(machine, call, options, volume) is not { } answer)
        {
            return machine.Error;
        }

        if (options.Value("set") is { } variable)
        {
            machine.SetVariable(variable, answer, call.Position);
        }
        else
        {
            machine.Print(answer, call.Position);
        }

        return GrubError.None;
    }

    private static string? Answer(GrubMachine machine, CommandCall call, ParsedOptions options, IBootVolume volume)
    {
        int comma = volume.GrubName.LastIndexOf(',');
        if (options.Has("driver"))
        {
            return machine.Loops.Of(volume) is not null ? "loopback" : machine.Options.Platform == "xen" ? "xen" : "biosdisk";
        }

        if (options.Has("partmap"))
        {
            return comma < 0 ? "none" : volume.GrubName[(comma + 1)..].TrimEnd("0123456789".ToCharArray());
        }

        if (options.Has("part-uuid"))
        {
            return volume.PartitionUuid.Length > 0 ? volume.PartitionUuid : "none";
        }

        if (!machine.CheckFilesystem(volume, call.Position))
        {
            return null;
        }

        if (options.Has("fs"))
        {
            return volume.FileSystem;
        }

        if (options.Has("fs-uuid"))
        {
            return OrFail(machine, call, volume.Uuid, $"{volume.FileSystem} does not support UUIDs");
        }

        if (options.Has("label"))
        {
            return volume.Label;
        }

        machine.Fail(GrubError.BadArgument, "unrecognised target", call);
        return null;
    }

    private static string? OrFail(GrubMachine machine, CommandCall call, string answer, string problem)
    {
        if (answer.Length > 0)
        {
            return answer;
        }

        machine.Fail(GrubError.NotImplementedYet, problem, call);
        return null;
    }
}
