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
            using RecordLock own = session.Records.Take(path.Relative, session.Patience.Work, session.Patience.Cancelled);
            Detach();
        }
        catch (Exception e)
        {
            Exception cause = e is OperationCanceledException ? session.Patience.Interrupted(e) : e;
            Tell(store => HotplugAnswer.Failed(store, path, Failures.SentenceOf(cause), isAttached: true));
            if (cause != e)
            {
                throw cause;
            }

            throw;
        }
    }

    private void Detach()
    {
        if (session.Records.Read(path.Relative) is not { } record)
        {
            RequireNothingMapped();
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

    /// <summary>The folder may name a device although the record is gone: what that is can't be known any more, but it can be said.</summary>
    private void RequireNothingMapped()
    {
        string? device = null;
        Tell(store => device = HotplugAnswer.ConnectedDevice(store, path));
        if (session.Kernel.List().FirstOrDefault(m => HotplugAnswer.Format((uint)m.Major, (uint)m.Minor) == device) is { } mapped
            && !session.Records.All([]).Any(record => KernelImages.IsMappingOf(mapped, record)))
        {
            throw new MapperException(
                ExitCode.Left,
                $"the record of this disk is gone from {session.Host.Run}, and {mapped.Device} ({mapped.FullName}) is still mapped: nothing was let go of"
                + $" ('rbd device unmap {mapped.Device}', then 'block-rbd unlock {mapped.FullName}')");
        }
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
