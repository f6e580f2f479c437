using System.Runtime.CompilerServices;

namespace BlockRbd.Testing;

/// <summary>Places in the checkout that tests use.</summary>
public static class Repo
{
    /// <summary>The checkout's top folder.</summary>
    public static string Top { get; } = Path.GetFullPath(Path.Combine(ThisFolder(), "..", ".."));

    /// <summary>A path below <see cref="Top"/>.</summary>
    public static string Below(params string[] parts) => Path.Combine([Top, .. parts]);

    /// <summary>The boot corpus: BOOT_CORPUS, or beside the checkout. Null where it isn't there.</summary>
    public static string? BootCorpus
    {
        get
        {
            string path = Environment.GetEnvironmentVariable("BOOT_CORPUS") ?? Path.Combine(Top, "..", "shared", "boot-corpus");
            return Directory.Exists(path) ? Path.GetFullPath(path) : null;
        }
    }

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
