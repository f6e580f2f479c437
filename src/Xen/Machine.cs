namespace BlockRbd.Xen;

/// <summary>The virtual machine behind a frontend: what stays the same on whichever host it runs.</summary>
/// <param name="DomainId">Its number on this host now.</param>
/// <param name="Name">Its name; null where this domain may not read it (a driver domain).</param>
/// <param name="Uuid">Its uuid, lower case; null where this domain may not read it, or it is the one that has none (domain 0).</param>
/// <param name="IsSelf">The disk is for the domain that serves it, or for the toolstack's: a bootloader's local attach.</param>
public sealed record Machine(uint DomainId, string? Name, string? Uuid, bool IsSelf)
{
    // xl names the receiving domain so until the migration is through (xl_migrate.c).
    private const string IncomingSuffix = "--incoming";

    /// <summary>The domain is being received by a live migration.</summary>
    public bool IsIncoming => Name is not null && Name.EndsWith(IncomingSuffix, StringComparison.Ordinal);

    /// <summary>The name without the mark of a migration: the one that the machine had and will have.</summary>
    public string? BareName => IsIncoming ? Name![..^IncomingSuffix.Length] : Name;
}
