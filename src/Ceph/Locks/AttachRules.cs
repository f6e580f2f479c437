namespace BlockRbd.Ceph.Locks;

/// <summary>Who may have an image beside whom. Pure: the state goes in, the decision comes out.</summary>
public static class AttachRules
{
    /// <summary>Decides.</summary>
    /// <param name="state">The lock as it is.</param>
    /// <param name="request">Who wants it.</param>
    public static AttachDecision Decide(AttachLockState state, AttachRequest request)
    {
        AttachHolder wanted = request.Holder;
        List<AttachLocker> stale = [];
        List<AttachLocker> live = [];
        foreach (AttachLocker locker in state.Lockers)
        {
            (locker.Holder is { } holder && IsLeftBehind(holder, wanted) ? stale : live).Add(locker);
        }

        AttachDecision? refusal = !state.IsShared && live.Count > 0 ? new AttachDecision.Refuse(live[0], "it is locked exclusively")
            : wanted.IsWriter ? RefuseWriter(live, request)
            : RefuseReader(live);
        return refusal ?? (stale.Count > 0 ? new AttachDecision.TakeOver(stale) : new AttachDecision.Take());
    }

    /// <summary>
    /// Whether this host's own lock has nothing behind it any more: its boot is over, or it is the very attach that is asked for again,
    /// which a killed run left half done.
    /// </summary>
    private static bool IsLeftBehind(AttachHolder holder, AttachHolder wanted) =>
        holder.HostId == wanted.HostId && (holder.BootId != wanted.BootId || holder.XenbusPath == wanted.XenbusPath);

    private static AttachDecision.Refuse? RefuseReader(List<AttachLocker> live)
    {
        // A reader beside a writer would see a filesystem change under it, in the same machine too.
        AttachLocker? writer = live.Find(static locker => locker.Holder is not { IsWriter: false });
        return writer is null ? null : new AttachDecision.Refuse(writer, "it can't be read while another may write it");
    }

    private static AttachDecision.Refuse? RefuseWriter(List<AttachLocker> live, AttachRequest request)
    {
        foreach (AttachLocker locker in live)
        {
            if (RefuseWriterBeside(locker.Holder, request) is { } reason)
            {
                return new AttachDecision.Refuse(locker, reason);
            }
        }

        // A machine moves from one host to one other: a third one is never part of it.
        return live.Count > 1 ? new AttachDecision.Refuse(live[0], "a migration of this machine is already under way") : null;
    }

    /// <summary>Null: the other one is where the machine comes from.</summary>
    private static string? RefuseWriterBeside(AttachHolder? other, AttachRequest request)
    {
        AttachHolder wanted = request.Holder;
        if (other is null)
        {
            return "something else than block-rbd locked it";
        }

        if (!other.IsWriter)
        {
            return "it can't be written while another reads it";
        }

        if (other.Tag != wanted.Tag)
        {
            return "another machine has it";
        }

        bool isSameHost = other.HostId == wanted.HostId && other.BootId == wanted.BootId;
        return isSameHost && other.DomainId == wanted.DomainId ? "the same domain has it already"
            : request.IsIncoming || (request.SharesSameMachine && !isSameHost) ? null
            : "the same machine has it already, and this is no incoming migration";
    }
}
