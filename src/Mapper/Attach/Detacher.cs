using BlockRbd.Mapper.State;
using BlockRbd.Xen;

namespace BlockRbd.Mapper.Attach;

/// <summary>`remove`: lets go of what the disk's record names. A disk without one was never added, or let go of before: nothing to do.</summary>
internal sealed class Detacher(Session session, XenbusPath path)
{
    /// <exception cref="MapperException">Something is left; the record still has it.</exception>
    public void Run()
    {
        try
        {
            using RecordLock own = session.Records.Take(path.Relative, session.Patience.Work);
            Detach();
        }
        catch (Exception e)
        {
            Tell(store => HotplugAnswer.Failed(store, path, Failures.SentenceOf(e), isAttached: true));
            throw;
        }
    }

    private void Detach()
    {
        if (session.Records.Read(path.Relative) is not { } record)
        {
            session.Log.Done("is not attached: nothing to do");
            return;
        }

        session.Log.Subject = $"{(record.DomainName.Length > 0 ? record.DomainName : $"domain {record.DomainId}")} {record.VirtualDevice}";
        session.Patience.Set(record.Target.Options.Timeout ?? Patience.Default);
        if (new Releaser(session).Release(record, cluster: null, session.Patience.End) is { } left)
        {
            throw new MapperException(ExitCode.Left, left);
        }

        Tell(store => HotplugAnswer.Detached(store, path));
        session.Log.Done($"{record.Target.Name} is detached");
    }

    // libxl removes the folder itself, and it may be gone already: what can't be written there is no reason to fail.
    private void Tell(Action<XenStore> answer)
    {
        try
        {
            answer(session.Store(session.Patience.End.OrAfter(TimeSpan.FromSeconds(5))));
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            session.Log.Warn($"libxl could not be told: {e.Message}");
        }
    }
}
