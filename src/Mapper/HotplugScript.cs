using BlockRbd.Linux;
using BlockRbd.Mapper.Attach;
using BlockRbd.Xen;

namespace BlockRbd.Mapper;

/// <summary>`block-rbd add` and `block-rbd remove`, as libxl runs them: one word, XENBUS_PATH in the environment.</summary>
internal static class HotplugScript
{
    // After the last deadline: a call that doesn't come back, whatever it was told, must not make libxl kill us without a reason.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>True for the two words that only libxl says.</summary>
    public static bool IsMeant(ReadOnlySpan<string> arguments) => arguments.Length > 0 && arguments[0] is "add" or "remove";

    /// <summary>Runs it.</summary>
    public static ExitCode Run(ReadOnlySpan<string> arguments)
    {
        string subject = "";
        try
        {
            if (arguments.Length != 1)
            {
                throw new MapperException(ExitCode.Usage, $"'{arguments[0]}' takes no arguments: libxl runs it with XENBUS_PATH in the environment");
            }

            HostPaths host = HostPaths.FromEnvironment();
            XenbusPath path = XenbusPath.Parse(Environment.GetEnvironmentVariable("XENBUS_PATH"));
            using Session session = new(host, Patience.Default);
            session.Log.Subject = path.Relative;
            session.Patience.HeedSignals();
            Guard(session, path);
            try
            {
                if (arguments[0] == "add")
                {
                    new Attacher(session, path).Run();
                }
                else
                {
                    new Detacher(session, path).Run();
                }

                return ExitCode.Ok;
            }
            catch (Exception e)
            {
                subject = session.Log.Subject + ": ";
                session.Log.Fail($"{arguments[0]} failed: {Failures.SentenceOf(e)}");
                throw;
            }
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"block-rbd: {subject}{Failures.SentenceOf(e)}");
            return Failures.CodeOf(e);
        }
    }

    private static void Guard(Session session, XenbusPath path)
    {
        Thread guard = new(() =>
        {
            Deadline end;
            do
            {
                end = session.Patience.End;
                Thread.Sleep(end.Remaining + Grace);
            }
            while (!session.Patience.End.IsOver); // a target's timeout= may have moved it

            const string sentence = "did not end by its deadline; 'block-rbd recover' repairs what is left";
            session.Log.Fail(sentence);
            try
            {
                using XenStore store = XenStore.Connect(Deadline.After(TimeSpan.FromSeconds(1)));
                HotplugAnswer.Failed(store, path, sentence);
            }
            catch (Exception e) when (Failures.IsExpected(e))
            {
                session.Log.Warn($"libxl could not be told: {e.Message}");
            }

            Libc.ExitNow((int)ExitCode.Timeout);
        })
        {
            IsBackground = true,
            Name = "deadline",
        };
        guard.Start();
    }
}
