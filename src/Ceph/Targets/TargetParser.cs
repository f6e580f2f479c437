namespace BlockRbd.Ceph.Targets;

/// <summary>The spelling of xl's disk lines: [rbd:]pool:image or pool/[namespace/]image, [@snapshot], then ,option=value.</summary>
internal static class TargetParser
{
    private const string Prefix = "rbd:";

    /// <exception cref="RbdTargetException">The problem alone.</exception>
    public static RbdTarget Parse(string text)
    {
        string[] parts = text.Split(',');
        return Image(text, parts[0]) is var target && parts.Length == 1
            ? target.Checked()
            : (target with { Options = ParseOptions(parts.AsSpan(1)) }).Checked();
    }

    private static RbdTarget Image(string text, string spec)
    {
        // "rbd:" is a prefix only where a whole image follows it: rbd:vm1 is image vm1 in pool rbd, as the first block-rbd had it.
        string rest = spec.StartsWith(Prefix, StringComparison.Ordinal) && spec.AsSpan(Prefix.Length).ContainsAny(':', '/')
            ? spec[Prefix.Length..]
            : spec;
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        string? snapshot = at < 0 ? null : rest[(at + 1)..];
        string name = at < 0 ? rest : rest[..at];
        if (snapshot is { Length: 0 })
        {
            throw new RbdTargetException("the snapshot is empty");
        }

        int colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            return name.Contains('/', StringComparison.Ordinal)
                ? throw new RbdTargetException("both ':' and '/': it is pool:image, or pool/image, or pool/namespace/image")
                : new RbdTarget { Text = text, Pool = name[..colon], Image = name[(colon + 1)..], Snapshot = snapshot };
        }

        string[] parts = name.Split('/');
        RbdTarget target = parts.Length switch
        {
            2 => new RbdTarget { Text = text, Pool = parts[0], Image = parts[1], Snapshot = snapshot },
            3 when parts[1].Length > 0 => new RbdTarget { Text = text, Pool = parts[0], Namespace = parts[1], Image = parts[2], Snapshot = snapshot },
            3 => throw new RbdTargetException("the namespace is empty"),
            1 => throw new RbdTargetException("no pool: it is pool:image, or pool/image, or pool/namespace/image"),
            _ => throw new RbdTargetException("more parts than pool/namespace/image"),
        };
        // Only pool: asks for a search, so that a cut-off pool/ never does.
        return target.IsSearch ? throw new RbdTargetException("the image is empty") : target;
    }

    private static TargetOptions ParseOptions(ReadOnlySpan<string> parts)
    {
        TargetOptions options = new();
        for (int i = 0; i < parts.Length; i++)
        {
            int equals = parts[i].IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new RbdTargetException(
                    parts[i].Length == 0 ? "an empty part between commas" : $"option {TargetText.Quote(parts[i])} has no value or no name");
            }

            string name = parts[i][..equals];
            string value = parts[i][(equals + 1)..];
            // The commas inside these two values can't be told from those between options: what follows belongs to the value
            // as long as it isn't one of the target's own options.
            while (i + 1 < parts.Length && Continues(name, value, parts[i + 1]))
            {
                value += "," + parts[++i];
            }

            options = options.With(name, value);
        }

        return options;
    }

    private static bool Continues(string name, string value, string next) =>
        name == "clone-from" ? next == "adopt" && !value.Contains(',', StringComparison.Ordinal) : name == "map-options" && !IsOwn(next);

    /// <summary>
    /// A list of map options as a target can spell it: one that is also an option of the target (rbd-nbd's timeout=) is only understood as
    /// what it is when it stands first.
    /// </summary>
    internal static string OrderMapOptions(string list) => string.Join(',', list.Split(',').OrderByDescending(IsOwn));

    private static bool IsOwn(string part) => TargetOptions.Names.Any(name => part.StartsWith(name + "=", StringComparison.Ordinal));
}
