namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>An entry of systemd-boot's menu: an entry file, or a profile of a unified kernel image.</summary>
internal sealed class SystemdEntry : BootEntry
{
    private string? _index;

    /// <summary>The file it stands in.</summary>
    public required BootFile File { get; init; }

    /// <summary>The file that the loader starts: without it there is no entry. Null where it is elsewhere.</summary>
    public BootFile? Loader { get; init; }

    /// <summary>The file's name, with a boot counter if it has one.</summary>
    public required LoaderName Name { get; init; }

    /// <summary>What the entry itself says; null where it says nothing.</summary>
    public string? OwnTitle { get; init; }

    /// <summary><c>sort-key</c>; null where there is none.</summary>
    public string? SortKey { get; init; }

    /// <summary><c>machine-id</c>; null where there is none.</summary>
    public string? MachineId { get; init; }

    /// <summary><c>version</c>; null where there is none.</summary>
    public string? Version { get; init; }

    /// <summary>The profile's number in its image; 0 for an entry file.</summary>
    public int Profile { get; init; }

    /// <summary>What is put behind the id of every profile but the first: "@rescue".</summary>
    public string ProfileSuffix { get; init; } = string.Empty;

    /// <summary>Finds out what it boots.</summary>
    public required Func<BootPlan> Boot { get; init; }

    /// <summary>The title, with as much behind it as tells it from the others.</summary>
    public string ShownTitle { get; set; } = string.Empty;

    /// <inheritdoc/>
    public override string Title => ShownTitle;

    /// <summary>The file's name without its boot counter, as bootctl shows it: "debian-6.1.conf", "linux.efi@rescue".</summary>
    public override string Id => Name.Id + ProfileSuffix;

    /// <inheritdoc/>
    public override string Index => _index ?? string.Empty;

    /// <inheritdoc/>
    public override string Origin => File.ToString();

    /// <inheritdoc/>
    public override bool IsSubmenu => false;

    /// <inheritdoc/>
    public override IReadOnlyList<BootEntry> Children => [];

    /// <summary>All its tries have been used up.</summary>
    public bool IsExhausted => Name.TriesLeft == 0;

    /// <inheritdoc/>
    public override BootPlan Plan() => Boot();

    /// <summary>Gives the entry its place in the menu.</summary>
    public void SetIndex(string index) => _index = index;

    /// <summary>Whether a pattern of loader.conf, in small letters, is for this entry: its id, or its file's name with the counter.</summary>
    public bool Matches(string pattern) =>
        LoaderGlob.Matches(pattern, Id.ToLowerInvariant())
        || LoaderGlob.Matches(pattern, (File.Path[(File.Path.LastIndexOf('/') + 1)..] + ProfileSuffix).ToLowerInvariant());

    /// <summary>boot_entry_compare of src/boot/boot.c: less than zero where <paramref name="a"/> stands before <paramref name="b"/>.</summary>
    public static int Compare(SystemdEntry a, SystemdEntry b)
    {
        int result = a.IsExhausted.CompareTo(b.IsExhausted);
        result = result != 0 ? result : (a.SortKey is null).CompareTo(b.SortKey is null);
        if (result == 0 && a.SortKey is not null)
        {
            result = string.CompareOrdinal(a.SortKey, b.SortKey);
            result = result != 0 ? result : string.CompareOrdinal(a.MachineId, b.MachineId);
            result = result != 0 ? result : SystemdVersion.Compare(b.Version, a.Version);
        }

        result = result != 0 ? result : SystemdVersion.Compare(b.Name.Id, a.Name.Id);
        result = result != 0 ? result : a.Profile.CompareTo(b.Profile);
        if (result != 0 || a.Name.TriesLeft is not { } left || b.Name.TriesLeft is not { } other)
        {
            return result;
        }

        return left != other ? other.CompareTo(left) : a.Name.TriesDone.CompareTo(b.Name.TriesDone);
    }
}
