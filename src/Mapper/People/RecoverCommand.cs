using BlockRbd.Mapper.Attach;

namespace BlockRbd.Mapper.People;

/// <summary>`recover`: lets go of what killed runs and former boots left. What a domain has is left alone.</summary>
internal static class RecoverCommand
{
    public static ExitCode Run(Session session, bool json, TextWriter output)
    {
        List<string> problems = [];
        IReadOnlyList<Mender.Outcome> outcomes = new Mender(session).MendAll(problems);
        if (json)
        {
            WriteJson(output, outcomes, problems);
        }
        else
        {
            WriteLines(output, outcomes, problems);
        }

        return problems.Count > 0 || outcomes.Any(static o => o.IsLeft) ? ExitCode.Left : ExitCode.Ok;
    }

    private static void WriteLines(TextWriter output, IReadOnlyList<Mender.Outcome> outcomes, List<string> problems)
    {
        foreach (Mender.Outcome outcome in outcomes)
        {
            output.WriteLine($"{(outcome.IsLeft ? "! " : "")}{outcome.Text}");
        }

        problems.ForEach(problem => output.WriteLine($"! {problem}"));
        if (outcomes.Count + problems.Count == 0)
        {
            output.WriteLine("nothing to recover");
        }
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<Mender.Outcome> outcomes, List<string> problems) => JsonOutput.Write(output, document =>
    {
        document.WriteStartObject();
        document.WriteStartArray("records");
        foreach (Mender.Outcome outcome in outcomes)
        {
            document.WriteStartObject();
            document.WriteString("image", outcome.Record.Target.Name);
            document.WriteString("domain", outcome.Record.DomainName);
            document.WriteString("vdev", outcome.Record.VirtualDevice);
            document.WriteBoolean("left", outcome.IsLeft);
            document.WriteString("text", outcome.Text);
            document.WriteEndObject();
        }

        document.WriteEndArray();
        document.WriteStrings("problems", problems);
        document.WriteEndObject();
    });
}
