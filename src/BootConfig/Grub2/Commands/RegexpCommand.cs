namespace BlockRbd.BootConfig.Grub2;

/// <summary><c>regexp [--set [NUMBER:]VAR]... EXPRESSION STRING</c> (grub-core/commands/regexp.c).</summary>
internal static class RegexpCommand
{
    private static readonly CommandSyntax Syntax = new([new("set", 's', TakesValue: true)]);

    public static readonly IReadOnlyList<KeyValuePair<string, GrubCommand>> Table = [new("regexp", Run)];

    private static GrubError Run(GrubMachine machine, CommandCall call)
    {
        machine.Globbing = true; // The command's module brings the wildcards.
        if (OptionParser.Parse(machine, call, Syntax) is not { } options)
        {
            return machine.Error;
        }

        if (options.Arguments is not [string expression, string text])
        {
            return machine.Fail(GrubError.BadArgument, "two arguments expected", call);
        }

        try
        {
            int maxStates = machine.Options.Limits.RegexpStates;
            RegexpProgram program = RegexpCompiler.Compile(expression, maxStates);
            long allowed = (long)maxStates * 1024;
            long left = allowed;
            bool found = program.Find(text, ref left, out int[] slots);
            machine.Charge((int)(allowed - left), call.Position);
            return found
                ? SetMatches(machine, call, options, text, slots)
                : machine.Fail(GrubError.TestFailure, "No match", call);
        }
        catch (RegexpException e)
        {
            // GRUB counts a wrong expression as one that doesn't match, and says nothing.
            machine.Warn(call.Position, $"regexp: {e.Message}");
            return machine.Fail(GrubError.TestFailure, e.Message, call);
        }
    }

    private static GrubError SetMatches(GrubMachine machine, CommandCall call, ParsedOptions options, string text, int[] slots)
    {
        foreach (string name in options.Values("set"))
        {
            int colon = name.IndexOf(':', StringComparison.Ordinal);
            ulong number = 1;
            if (colon >= 0)
            {
                number = GrubNumbers.Parse(name, 10, out int used, out _);
                if (used != colon)
                {
                    return machine.Fail(GrubError.BadArgument, $"invalid variable name format {GuestText.Display(name)}", call);
                }
            }

            int slot = number < (ulong)(slots.Length / 2) ? 2 * (int)number : -1;
            string variable = name[(colon + 1)..];
            if (slot < 0 || slots[slot] < 0)
            {
                machine.Environment.Unset(variable);
            }
            else
            {
                machine.SetVariable(variable, text[slots[slot]..slots[slot + 1]], call.Position);
            }
        }

        return GrubError.None;
    }
}
