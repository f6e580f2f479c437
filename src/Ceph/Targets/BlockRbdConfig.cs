namespace BlockRbd.Ceph.Targets;

/// <summary>
/// Defaults of the host, /etc/xen/block-rbd.conf: lines of <c>key = value</c>, first for all pools (with or without a <c>[defaults]</c>
/// heading), then behind <c>[pool NAME]</c> for one. Keys are the target's options and two of its own: search-by-name (yes, no) and
/// same-machine (migrate, share). Lines that begin with # or ; are comments.
/// </summary>
public sealed class BlockRbdConfig
{
    /// <summary>Where a host has it.</summary>
    public const string DefaultPath = "/etc/xen/block-rbd.conf";

    private const int MaxBytes = 1 << 20;

    private static readonly string[] OwnKeys = ["search-by-name", "same-machine"];

    private readonly Section _defaults = new();
    private readonly Dictionary<string, Section> _pools = new(StringComparer.Ordinal);

    private BlockRbdConfig()
    {
    }

    /// <summary>What holds where there is no file.</summary>
    public static BlockRbdConfig Empty { get; } = new();

    /// <summary>Reads a host's file; one that doesn't exist is <see cref="Empty"/>.</summary>
    /// <exception cref="RbdTargetException">It can't be read or understood; the message begins with file:line.</exception>
    public static BlockRbdConfig Load(string path)
    {
        try
        {
            FileInfo file = new(path);
            return !file.Exists ? Empty
                : file.Length > MaxBytes ? throw new RbdTargetException($"{path}: larger than {MaxBytes} bytes")
                : Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RbdTargetException($"{path}: {e.Message}");
        }
    }

    /// <param name="path">For messages.</param>
    /// <param name="text">The file's text.</param>
    /// <exception cref="RbdTargetException">The message begins with file:line.</exception>
    public static BlockRbdConfig Parse(string path, string text)
    {
        BlockRbdConfig config = new();
        Section section = config._defaults;
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line is "" or ['#', ..] or [';', ..])
            {
                continue;
            }

            try
            {
                if (line[0] == '[')
                {
                    section = config.Open(line);
                }
                else
                {
                    section.Set(line);
                }
            }
            catch (RbdTargetException e)
            {
                throw new RbdTargetException($"{path}:{number}: {e.Message}");
            }
        }

        return config;
    }

    /// <summary>The defaults for a target in this pool.</summary>
    public TargetOptions DefaultsFor(string pool) =>
        _pools.TryGetValue(pool, out Section? section) ? section.Options.Over(_defaults.Options) : _defaults.Options;

    /// <summary>Whether <c>pool:</c> may stand for the image of the domain's name. On unless said otherwise.</summary>
    public bool SearchesByName(string pool) => _pools.GetValueOrDefault(pool)?.SearchByName ?? _defaults.SearchByName ?? true;

    /// <summary>
    /// Whether the same machine on another host is always taken for a live migration (for toolstacks that don't mark the receiving
    /// domain). Off unless said otherwise.
    /// </summary>
    public bool SharesSameMachine(string pool) => _pools.GetValueOrDefault(pool)?.ShareSameMachine ?? _defaults.ShareSameMachine ?? false;

    private Section Open(string heading)
    {
        if (heading == "[defaults]")
        {
            return _defaults;
        }

        if (!heading.StartsWith("[pool ", StringComparison.Ordinal) || heading[^1] != ']')
        {
            throw new RbdTargetException($"section {TargetText.Quote(heading)} is not [defaults] or [pool NAME]");
        }

        string pool = heading["[pool ".Length..^1].Trim();
        return TargetText.NameProblem("pool", pool) is { } problem ? throw new RbdTargetException(problem)
            : _pools.TryAdd(pool, new Section()) ? _pools[pool]
            : throw new RbdTargetException($"section {TargetText.Quote(heading)} stands there twice");
    }

    private sealed class Section
    {
        public TargetOptions Options { get; private set; } = new();

        public bool? SearchByName { get; private set; }

        public bool? ShareSameMachine { get; private set; }

        public void Set(string line)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new RbdTargetException($"{TargetText.Quote(line)} is not key = value");
            }

            string key = line[..equals].TrimEnd();
            string value = line[(equals + 1)..].TrimStart();
            if (key == "search-by-name")
            {
                SearchByName = SearchByName is null ? Choice(key, value, "no", "yes") : throw Twice(key);
            }
            else if (key == "same-machine")
            {
                ShareSameMachine = ShareSameMachine is null ? Choice(key, value, "migrate", "share") : throw Twice(key);
            }
            else if (!TargetOptions.Names.Contains(key))
            {
                throw new RbdTargetException($"unknown key {TargetText.Quote(key)}; known are {string.Join(", ", [.. TargetOptions.Names, .. OwnKeys])}");
            }
            else
            {
                Options = Options.With(key, value);
            }
        }

        private static RbdTargetException Twice(string key) => new($"{key} stands there twice");

        private static bool Choice(string key, string value, string off, string on) =>
            value == on || (value == off ? false : throw new RbdTargetException($"{key} is {TargetText.Quote(value)}, not {off} or {on}"));
    }
}
