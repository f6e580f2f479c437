using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`recover`: lets go of what killed runs and former boots left. What a domain has is left alone.</summary>
internal static class RecoverCommand
{
    public static ExitCode Run(Session session, TextWriter output)
    {
        List<string> problems = [];
        IReadOnlyList<Mender.Outcome> outcomes = new Mender(session).MendAll(problems);
        foreach (Mender.Outcome outcome in outcomes)
        {
            output.WriteLine($"{(outcome.IsLeft ? "! " : "")}{outcome.Text}");
        }

        problems.ForEach(problem => output.WriteLine($"! {problem}"));
        if (outcomes.Count + problems.Count == 0)
        {
            output.WriteLine("nothing to recover");
        }

        return problems.Count > 0 || outcomes.Any(static o => o.IsLeft) ? ExitCode.Left : ExitCode.Ok;
    }
}
