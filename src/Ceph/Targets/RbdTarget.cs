namespace BlockRbd.Ceph.Targets;

/// <summary>Which image a disk means and how it is to be used: what stands after <c>target=</c> in xl's disk line.</summary>
public sealed record RbdTarget
{
    /// <summary>The text it was parsed from.</summary>
    public required string Text { get; init; }

    /// <summary>The pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The namespace; empty is the pool's default one.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The image; empty is "search by name".</summary>
    public required string Image { get; init; }

    /// <summary>The snapshot; null is the image itself.</summary>
    public string? Snapshot { get; init; }

    /// <summary>What stood behind the commas, and after <see cref="WithDefaults"/> the configuration's.</summary>
    public TargetOptions Options { get; init; } = new();

    /// <summary>Whether the image is to be found by the domain's name.</summary>
    public bool IsSearch => Image.Length == 0;

    /// <summary>Ceph's own spelling: pool/[namespace/]image[@snapshot].</summary>
    public string Name => ImageSpelling.Prefix(Pool, Namespace) + Image + (Snapshot is null ? "" : "@" + Snapshot);

    /// <summary>Understands any of the spellings: pool:image, pool/[namespace/]image, QEMU's rbd:pool/image:key=value.</summary>
    /// <exception cref="RbdTargetException">It doesn't; the message quotes the text.</exception>
    public static RbdTarget Parse(string text)
    {
        try
        {
            return text.Length > TargetText.MaxTarget
                ? throw new RbdTargetException($"longer than {TargetText.MaxTarget} characters")
                : QemuTargetParser.IsQemu(text) ? QemuTargetParser.Parse(text) : TargetParser.Parse(text);
        }
        catch (RbdTargetException e)
        {
            throw Problem(text, e.Message);
        }
    }

    /// <summary>The same with the configuration's defaults behind its own options.</summary>
    /// <exception cref="RbdTargetException">They don't fit together; the message quotes the text.</exception>
    public RbdTarget WithDefaults(BlockRbdConfig config)
    {
        TargetOptions merged = Options.Over(config.DefaultsFor(Pool));
        // A pool's default can't mean an image that already is what it is.
        if ((IsSearch || Snapshot is not null) && Options.CloneFrom is null)
        {
            merged = merged with { CloneFrom = null };
        }

        return merged.MapOptions is { } list && MapOptions.Problem(list, merged.DeviceType ?? DeviceType.Krbd) is { } problem
            ? throw Problem(Text, problem)
            : this with { Options = merged };
    }

    /// <summary>The mode for a disk that xl attaches writable or not.</summary>
    /// <exception cref="RbdTargetException">The target asks for more than xl allows, or for w on a snapshot.</exception>
    public AccessMode Mode(bool xlAllowsWriting)
    {
        AccessMode mode = Options.Access ?? (xlAllowsWriting ? AccessMode.Write : AccessMode.Read);
        if (mode.IsWritable() && !xlAllowsWriting)
        {
            throw Problem(Text, $"access={mode.Spelling()} can't widen the disk's own mode r");
        }

        return mode.IsWritable() && Snapshot is not null
            ? throw Problem(Text, $"snapshot {Snapshot} is read-only, and the disk asks for w: give it access=r")
            : mode;
    }

    /// <summary>The canonical spelling: <see cref="Name"/> and the options.</summary>
    public string Format() => (IsSearch ? Namespace.Length == 0 ? Pool + ":" : Name : Name) + Options.Format();

    /// <inheritdoc/>
    public override string ToString() => Format();

    internal static RbdTargetException Problem(string text, string problem) => new($"target {TargetText.Quote(text)}: {problem}");

    /// <summary>Rejects names and combinations that no spelling may have.</summary>
    internal RbdTarget Checked()
    {
        string? problem = TargetText.NameProblem("pool", Pool)
            ?? (Namespace.Length == 0 ? null : TargetText.NameProblem("namespace", Namespace))
            ?? (IsSearch ? null : TargetText.NameProblem("image", Image))
            ?? (Snapshot is null ? null : TargetText.NameProblem("snapshot", Snapshot))
            ?? (IsSearch && Snapshot is not null ? "a snapshot of no image" : null)
            ?? (IsSearch && Options.CloneFrom is not null ? "clone-from needs the image's name" : null)
            ?? (Snapshot is not null && Options.CloneFrom is not null ? "clone-from can't make a snapshot" : null)
            ?? (Snapshot is not null && Options.Access?.IsWritable() == true ? $"snapshots are read-only, access={Options.Access?.Spelling()} can't be" : null);
        return problem is null ? this : throw new RbdTargetException(problem);
    }
}
