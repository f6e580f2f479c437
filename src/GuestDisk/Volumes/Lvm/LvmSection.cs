using System.Diagnostics.CodeAnalysis;

namespace BlockRbd.GuestDisk.Volumes.Lvm;

/// <summary>A section of LVM2's text: values (number, text or list) and further sections by their name.</summary>
internal sealed class LvmSection(string name, string source)
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Its sections, in the text's order.</summary>
    public List<LvmSection> Sections { get; } = [];

    public void Add(string key, object value)
    {
        if (!_values.TryAdd(key, value))
        {
            Corrupt($"has two of {key}");
        }

        if (value is LvmSection section)
        {
            Sections.Add(section);
        }
    }

    public LvmSection? Section(string key) => _values.GetValueOrDefault(key) as LvmSection;

    public LvmSection Required(string key) => Section(key) ?? Missing<LvmSection>(key);

    public string Text(string key) => _values.GetValueOrDefault(key) as string ?? Missing<string>(key);

    /// <summary>A number between <paramref name="least"/> and <paramref name="most"/>.</summary>
    public long Number(string key, long least, long most)
    {
        long number = _values.GetValueOrDefault(key) as long? ?? Missing<long>(key);
        if (number < least || number > most)
        {
            throw new ImageFormatException(ImageFault.OverLimit, "LVM2 metadata", source, -1, $"{name}: {key} is {number}, not {least} to {most}");
        }

        return number;
    }

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A list, empty where there is none.</summary>
    public IReadOnlyList<object> List(string key) => _values.GetValueOrDefault(key) as IReadOnlyList<object> ?? [];

    /// <summary>Whether a list of words, as status and flags are, has this one.</summary>
    public bool Has(string key, string word) => List(key).Contains(word);

    [DoesNotReturn]
    public void Corrupt(string problem) => throw new ImageFormatException(ImageFault.Corrupt, "LVM2 metadata", source, -1, $"{name}: {problem}");

    [DoesNotReturn]
    public void Unsupported(string problem) => throw new ImageFormatException(ImageFault.Unsupported, "LVM2 metadata", source, -1, $"{name}: {problem}");

    [DoesNotReturn]
    private T Missing<T>(string key) => throw new ImageFormatException(ImageFault.Corrupt, "LVM2 metadata", source, -1, $"{name}: no {key}");
}
