namespace BlockRbd.Ceph.Targets;

/// <summary>The snapshot that an image is cloned from where it doesn't exist yet.</summary>
/// <param name="Pool">Null: the target's own pool and namespace.</param>
/// <param name="Namespace">Empty: the pool's default one.</param>
/// <param name="Image">The parent image.</param>
/// <param name="Snapshot">Its snapshot.</param>
/// <param name="Adopt">An image of that name that isn't a child of the snapshot is used all the same.</param>
public sealed record CloneSource(string? Pool, string Namespace, string Image, string Snapshot, bool Adopt)
{
    /// <summary>The spelling in a target: [pool/[namespace/]]image@snapshot[,adopt].</summary>
    public override string ToString() => $"{ImageSpelling.Prefix(Pool, Namespace)}{Image}@{Snapshot}{(Adopt ? ",adopt" : "")}";

    /// <param name="text">The option's value, with ",adopt" where it has that.</param>
    /// <exception cref="RbdTargetException">The problem alone, for the caller to quote the whole with.</exception>
    internal static CloneSource Parse(string text)
    {
        bool adopt = text.EndsWith(",adopt", StringComparison.Ordinal);
        string spec = adopt ? text[..^",adopt".Length] : text;
        int at = spec.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            throw new RbdTargetException($"clone-from={TargetText.Quote(text)} names no snapshot: image@snapshot is needed");
        }

        string[] parts = spec[..at].Split('/');
        CloneSource source = parts.Length switch
        {
            1 => new CloneSource(null, "", parts[0], spec[(at + 1)..], adopt),
            2 => new CloneSource(parts[0], "", parts[1], spec[(at + 1)..], adopt),
            3 => new CloneSource(parts[0], parts[1], parts[2], spec[(at + 1)..], adopt),
            _ => throw new RbdTargetException($"clone-from={TargetText.Quote(text)} has more than pool/namespace/image"),
        };
        string? problem = (parts.Length > 1 ? TargetText.NameProblem("parent's pool", source.Pool!) : null)
            ?? (parts.Length > 2 ? TargetText.NameProblem("parent's namespace", source.Namespace) : null)
            ?? TargetText.NameProblem("parent image", source.Image) ?? TargetText.NameProblem("parent's snapshot", source.Snapshot);
        return problem is null ? source : throw new RbdTargetException($"clone-from: {problem}");
    }
}
