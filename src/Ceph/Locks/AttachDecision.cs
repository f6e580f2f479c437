namespace BlockRbd.Ceph.Locks;

/// <summary>What the rules say to a request.</summary>
public abstract record AttachDecision
{
    private AttachDecision()
    {
    }

    /// <summary>It may have the lock.</summary>
    public sealed record Take : AttachDecision;

    /// <summary>It may have it once these, which this very host left behind, are gone.</summary>
    public sealed record TakeOver(IReadOnlyList<AttachLocker> Stale) : AttachDecision;

    /// <summary>It may not.</summary>
    /// <param name="By">Whose lock stands against it.</param>
    /// <param name="Reason">The rule, for a person.</param>
    public sealed record Refuse(AttachLocker By, string Reason) : AttachDecision;
}
