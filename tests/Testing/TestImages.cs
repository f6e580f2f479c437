using Xunit;

namespace BlockRbd.Testing;

/// <summary>The disks that fixtures/images/make-images makes.</summary>
public static class TestImages
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Made = [];

    /// <summary>Names of a group's images, made where they aren't yet. For theory data.</summary>
    public static IEnumerable<string> Names(string group) =>
        Directory.EnumerateFiles(Folder(group)).Where(file => file.EndsWith(".tree", StringComparison.Ordinal) || file.EndsWith(".missing", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    /// <summary>An image's path; skips the test, with the reason, where this machine can't make it.</summary>
    public static string Image(string group, string name)
    {
        string missing = Path.Combine(Folder(group), name + ".missing");
        Assert.SkipWhen(File.Exists(missing), File.Exists(missing) ? $"{group}/{name}: {File.ReadAllText(missing).Trim()}" : "");
        return Path.Combine(Folder(group), name + ".img");
    }

    /// <summary>What is expected of the image.</summary>
    public static SortedDictionary<string, TreeEntry> Tree(string group, string name) =>
        TreeListing.Expected(Path.Combine(Folder(group), name + ".tree"));

    /// <summary>The folder of a group, made where it isn't yet.</summary>
    public static string Folder(string group)
    {
        lock (Gate)
        {
            if (Made.Add(group))
            {
                Tool.Check(Repo.Below("fixtures", "images", "make-images"), group);
            }
        }

        return Path.Combine(Environment.GetEnvironmentVariable("IMAGES_DIR") ?? Repo.Below("artifacts", "images"), group);
    }
}
