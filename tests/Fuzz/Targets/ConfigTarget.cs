using BlockRbd.BootConfig;
using BlockRbd.GuestDisk;
using BlockRbd.GuestDisk.FileSystems;
using BlockRbd.Testing;

namespace BlockRbd.Fuzz.Targets;

/// <summary>
/// Boot configurations. An input is the configuration itself; after a line "@@@ PATH" another file of the guest follows, as often as wanted.
/// </summary>
internal static class ConfigTarget
{
    private const string Mark = "\n@@@ ";
    private const int MostEntries = 8;
    private const int MostFiles = 16;
    private const int MaxSeed = 16 << 10;
    private const string Image = "/EFI/Linux/a.efi";

    private static readonly Type[] Contract = [typeof(BootConfigException), typeof(ImageFormatException), typeof(GuestPathException)];

    /// <summary>A unified kernel image.</summary>
    public static FuzzTarget UnifiedKernel { get; } = new("unified-kernel", static input => Use(Image, [(Image, input)]), Contract) { Words = ConfigWords.Of("unified-kernel") };

    /// <summary>A format.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="path">Where the configuration stands.</param>
    /// <param name="formats">What the boot corpus calls it.</param>
    public static FuzzTarget Of(string name, string path, params string[] formats) => new(name, input => Use(path, Files(path, input)), Contract)
    {
        MaxLength = 32 << 10,
        Words = ConfigWords.Of(name),
        Seeds = () => CorpusCase.Names(formats).Select(Seed).OfType<byte[]>(),
    };

    private static byte[]? Seed(string name)
    {
        CorpusCase corpus = CorpusCase.Load(name);
        string root = Path.Combine(corpus.Folder, "root");
        string config = Path.Combine(root, corpus.Config.TrimStart('/'));
        List<byte> seed = [];
        IEnumerable<string> files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).OrderBy(file => file != config);
        if (!File.Exists(config))
        {
            files = files.Where(file => file.EndsWith(".conf", StringComparison.Ordinal)); // a directory of entries: the first one is the configuration
        }

        foreach (string file in files.Where(static file => new FileInfo(file).Length is > 0 and < MaxSeed).Take(MostFiles))
        {
            seed.AddRange(seed.Count == 0 ? [] : GuestText.ToBytes($"{Mark}/{Path.GetRelativePath(root, file)}\n"));
            seed.AddRange(File.ReadAllBytes(file));
        }

        return seed.Count is > 0 and < MaxSeed ? [.. seed] : null;
    }

    private static List<(string Path, byte[] Bytes)> Files(string path, byte[] input)
    {
        string[] parts = GuestText.FromBytes(input).Split(Mark, MostFiles);
        List<(string Path, byte[] Bytes)> files = [(path, GuestText.ToBytes(parts[0]))];
        foreach (string part in parts.Skip(1))
        {
            string[] lines = part.Split('\n', 2);
            files.Add(("/" + lines[0].TrimStart('/'), GuestText.ToBytes(lines.Length > 1 ? lines[1] : "")));
        }

        return files;
    }

    private static void Use(string path, IEnumerable<(string Path, byte[] Bytes)> files)
    {
        MemoryHost host = new();
        MemoryVolume volume = host.Add("hd0,msdos1", "root", "11111111-2222-3333-4444-555555555555");
        host.Add("hd0,msdos2", "boot", "8C6A-1F6E").File("/vmlinuz", "k").File("/initrd.img", "i");
        foreach (string kernel in new[] { "/vmlinuz", "/boot/vmlinuz", "/boot/initrd.img", "/initrd.img", "/boot/xen.gz" })
        {
            volume.File(kernel, "k");
        }

        foreach ((string name, byte[] bytes) in files)
        {
            volume.Files[name] = bytes;
        }

        BootSearch search = BootFinder.Find(host);
        _ = search.WhyNothing();
        _ = search.Warnings.Count();
        Show(search.Menu);
        if (search.Menu is null)
        {
            Try(() => Show(BootFinder.Take(host, new BootFile(volume, path)).Menu));
        }
    }

    private static void Show(BootMenu? menu)
    {
        if (menu is null)
        {
            return;
        }

        int left = MostEntries;
        Walk(menu.Entries, ref left, depth: 0);
        Try(() => menu.Default?.Plan());
        Try(() => _ = menu.Select("1>0")?.Title);
        _ = menu.Warnings.Count + menu.Fallbacks.Count + menu.DefaultReason.Length + (menu.Protection?.Users.Count ?? 0);
        Try(() => MenuRows.Of(menu, static _ => { }));
        Try(() =>
        {
            ILoaderPrompt? prompt = menu.OpenPrompt?.Invoke();
            _ = prompt?.Run("ls");
            _ = prompt?.Run(menu.Entries is [var first, ..] ? first.Title : "boot");
        });
    }

    private static void Walk(IReadOnlyList<BootEntry> entries, ref int left, int depth)
    {
        foreach (BootEntry entry in entries)
        {
            if (--left < 0)
            {
                return;
            }

            _ = entry.Title.Length + entry.Id.Length + entry.Index.Length + entry.Origin.Length + entry.Hotkey + (entry.Users?.Length ?? 0);
            Try(() => entry.Plan());
            if (left > MostEntries / 2 && entry.Commands is { } commands)
            {
                Try(() => entry.WithCommands(commands).Plan());
            }

            IReadOnlyList<BootEntry> children = [];
            Try(() => children = entry.Children);
            if (depth < 4)
            {
                Walk(children, ref left, depth + 1);
            }
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (Contract.Contains(e.GetType()))
        {
        }
    }
}
