namespace BlockRbd.Testing;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("blockrbd-").FullName;

    /// <summary>A path in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A new file of that many zero bytes, sparse.</summary>
    public string File(string name, long length)
    {
        using FileStream file = System.IO.File.Create(this[name]);
        file.SetLength(length);
        return this[name];
    }

    /// <summary>A new file with bytes that are the same every time and have no period.</summary>
    public string Noise(string name, int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        System.IO.File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
