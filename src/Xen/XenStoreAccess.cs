namespace BlockRbd.Xen;

/// <summary>One entry of a node's permissions. The first entry's domain owns the node, and its letter counts for all who aren't named.</summary>
/// <param name="Letter">n none, r read, w write, b both.</param>
/// <param name="DomainId">Whose.</param>
public readonly record struct XenStoreAccess(char Letter, uint DomainId);
