namespace BlockRbd.BootConfig.Grub2;

/// <summary>Commands of the script language itself.</summary>
internal static class FlowCommands
{
    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table =
    [
        new("break", Break),
        new("continue", Break),
        new("return", Return),
        new("shift", Shift),
        new("setparams", SetParameters),
    ];

    private static GrubError Break(GrubMachine machine, CommandCall call)
    {
        if (call.Arguments.Count > 1)
        {
            return machine.Fail(GrubError.BadArgument, "one argument expected", call);
        }

        ulong count = 1;
        if (call.Arguments.Count == 1 && Number(machine, call, out count) is var error and not GrubError.None)
        {
            return error;
        }

        if (count == 0)
        {
            return machine.Fail(GrubError.BadArgument, "can't break 0 loops", call);
        }

        machine.Break(count, isContinue: call.Name == "continue");
        return GrubError.None;
    }

    private static GrubError Return(GrubMachine machine, CommandCall call)
    {
        if (machine.Scope is null || call.Arguments.Count > 1)
        {
            return machine.Fail(GrubError.BadArgument, "not in function body", call);
        }

        if (call.Arguments.Count == 0)
        {
            machine.Return();
            return (GrubError)(int)(GrubNumbers.Parse(machine.Environment.Get("?") ?? "0", 10, out _, out _) & int.MaxValue);
        }

        if (Number(machine, call, out ulong number) is var error and not GrubError.None)
        {
            return error;
        }

        machine.Return();
        return number == 0 ? GrubError.None : machine.Fail((GrubError)unchecked((int)number), "false", call);
    }

    private static GrubError Shift(GrubMachine machine, CommandCall call)
    {
        if (machine.Scope is not { } scope)
        {
            return GrubError.None;
        }

        ulong count = 1;
        if (call.Arguments.Count == 1)
        {
            count = GrubNumbers.Parse(call.Arguments[0], 10, out int used, out GrubError error);
            if (error != GrubError.None)
            {
                machine.Fail(error, Complaint(error), call); // Printed, but not what $? says.
            }

            if (error != GrubError.None || used < call.Arguments[0].Length)
            {
                return GrubError.BadArgument;
            }
        }

        return call.Arguments.Count <= 1 && scope.Shift(count) ? GrubError.None : GrubError.BadArgument;
    }

    private static GrubError SetParameters(GrubMachine machine, CommandCall call)
    {
        if (machine.Scope is null)
        {
            return GrubError.InvalidCommand;
        }

        machine.Scope = new GrubScope(call.Arguments);
        return GrubError.None;
    }

    private static GrubError Number(GrubMachine machine, CommandCall call, out ulong number)
    {
        string text = call.Arguments[0];
        number = GrubNumbers.Parse(text, 10, out int used, out GrubError error);
        if (error != GrubError.None)
        {
            return machine.Fail(error, Complaint(error), call);
        }

        // GRUB looks at the error number, which may be one that is still to be printed.
        return machine.Error == GrubError.None && used < text.Length
            ? machine.Fail(GrubError.BadArgument, "unrecognized number", call)
            : machine.Error;
    }

    internal static string Complaint(GrubError error) => error == GrubError.OutOfRange ? "overflow is detected" : "unrecognized number";
}
