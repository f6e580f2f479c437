using BlockRbd.Fuzz.Disks;

namespace BlockRbd.Fuzz;

/// <summary>Something that reads hostile bytes: one line of <see cref="FuzzTargets"/>.</summary>
/// <param name="Name">Its name, and its folder below corpus/.</param>
/// <param name="Use">Does with an input all that the programs do with such bytes.</param>
/// <param name="Contract">The exceptions that it may end with.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Use, params Type[] Contract)
{
    /// <summary>Bytes of the longest input of any target.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>Bytes of an input.</summary>
    public int MaxLength { get; init; } = MostBytes;

    /// <summary>What the format's inputs are made of: the fuzzer's dictionary.</summary>
    public IReadOnlyList<byte[]> Words { get; init; } = [];

    /// <summary>How the disks are made that its inputs are patches of; null where they aren't.</summary>
    public DiskRecipe? Bases { get; init; }

    /// <summary>Inputs to start from, beside those of corpus/.</summary>
    public Func<IEnumerable<byte[]>> Seeds { get; init; } = static () => [];

    /// <summary>The kept inputs.</summary>
    public string Folder => Testing.Repo.Below("tests", "Fuzz", "corpus", Name);

    /// <summary>The kept inputs, by name.</summary>
    public IEnumerable<(string File, byte[] Bytes)> Corpus =>
        Directory.Exists(Folder) ? Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Select(static file => (file, File.ReadAllBytes(file))) : [];
}
