using BlockRbd.Ceph;
using BlockRbd.Linux;
using BlockRbd.Mapper.State;
using BlockRbd.Xen;

namespace BlockRbd.Mapper.Attach;

/// <summary>Repairs what killed runs left: records whose disk nobody works on and nobody has.</summary>
internal sealed class Mender(Session session)
{
    /// <summary>What became of one record.</summary>
    /// <param name="Record">The record.</param>
    /// <param name="Text">What was done or why not.</param>
    /// <param name="IsLeft">Something is left that should not be.</param>
    public readonly record struct Outcome(AttachRecord Record, string Text, bool IsLeft);

    /// <summary>All records of this host.</summary>
    public IReadOnlyList<Outcome> MendAll(List<string> problems)
    {
        List<Outcome> outcomes = [];
        foreach (AttachRecord record in session.Records.All(problems))
        {
            if (Mend(record, cluster: null) is { } outcome)
            {
                outcomes.Add(outcome);
            }
        }

        session.Records.SweepLocks();
        return outcomes;
    }

    /// <summary>Records of the same image that stand in the way of a new attach.</summary>
    /// <returns>Whether one was let go of, so that trying again makes sense.</returns>
    public bool MendImage(AttachRecord wanted, CephPool pool)
    {
        bool mended = false;
        foreach (AttachRecord record in session.Records.All([]))
        {
            if (record.Path != wanted.Path && record.Fsid == wanted.Fsid && record.ImageId == wanted.ImageId
                && Mend(record, pool.Cluster) is { IsLeft: false })
            {
                mended = true;
            }
        }

        return mended;
    }

    // Null: nothing to mend.
    private Outcome? Mend(AttachRecord record, CephCluster? cluster)
    {
        using RecordLock? own = session.Records.TryTake(record.Path);
        if (own is null)
        {
            return null; // somebody works on it at this moment, or a child of a killed one still runs
        }

        if (session.Records.Read(record.Path) is not { } current)
        {
            return null;
        }

        if (current.Step == AttachStep.Attached && current.BootId == session.Host.BootId && IsWanted(current))
        {
            return null;
        }

        string? left = new Releaser(session).Release(current, cluster, session.Patience.Work);
        string text = left ?? $"{current.Target.Name} of {current.DomainName} {current.VirtualDevice} was left at step {current.Step}: let go of";
        session.Log.Decision(text);
        return new Outcome(current, text, left is not null);
    }

    // Its folder is there for as long as libxl has the disk. Where xenstore can't be asked, it is.
    private bool IsWanted(AttachRecord record)
    {
        try
        {
            XenStore store = session.Store(Deadline.After(TimeSpan.FromSeconds(5)));
            return store.Exists(XenbusPath.Parse(record.Path).Node("frontend-id"));
        }
        catch (XenStoreException)
        {
            return true;
        }
    }
}
