using System.Text.Json;
using Xunit;

namespace BlockRbd.Testing;

/// <summary>A case of the boot corpus: a guest's files, and what others say would boot.</summary>
public sealed class CorpusCase
{
    private readonly JsonElement _json;

    private CorpusCase(string folder)
    {
        Folder = folder;
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        _json = document.RootElement.Clone();
    }

    public string Folder { get; }

    public string Format => Text(_json, "format")!;

    /// <summary>The configuration that it starts from.</summary>
    public string Config => Text(_json, "config")!;

    /// <summary>The partitions that the case names; empty where it names none.</summary>
    public IReadOnlyList<JsonElement> Volumes =>
        _json.TryGetProperty("volumes", out JsonElement volumes) && volumes.ValueKind == JsonValueKind.Array ? [.. volumes.EnumerateArray()] : [];

    /// <summary>What real GRUB made of it; null where it has no answer.</summary>
    public JsonElement? GrubEmu => Part("grub_emu");

    /// <summary>What the project that the case is from expects; null where it expects nothing.</summary>
    public JsonElement? Expected => Part("expected");

    /// <summary>What Xen's pygrub makes of it, right or wrong.</summary>
    public JsonElement? Pygrub => Part("pygrub");

    /// <summary>What bootctl made of it.</summary>
    public JsonElement? BootCtl => Part("bootctl");

    /// <summary>Names of all cases of a format, as "cases/NAME" and "unlabelled/NAME".</summary>
    public static IEnumerable<string> Names(params string[] formats)
    {
        if (Repo.BootCorpus is not { } corpus)
        {
            yield break;
        }

        foreach (string folder in new[] { "cases", "unlabelled" })
        {
            foreach (string path in Directory.GetDirectories(Path.Combine(corpus, folder)).Order(StringComparer.Ordinal))
            {
                if (formats.Contains(new CorpusCase(path).Format))
                {
                    yield return $"{folder}/{Path.GetFileName(path)}";
                }
            }
        }
    }

    /// <summary>Loads a case, or skips the test where there is no corpus.</summary>
    public static CorpusCase Load(string name)
    {
        Assert.SkipWhen(Repo.BootCorpus is null, "no boot corpus: set BOOT_CORPUS to the folder that has cases/");
        return new CorpusCase(Path.Combine(Repo.BootCorpus!, name));
    }

    /// <summary>The guest: "root" as the volume of that name, "root@NAME" as the partitions behind it.</summary>
    public MemoryHost Host(string grubName = "hd0,msdos1")
    {
        MemoryHost host = new();
        string disk = grubName.Split(',')[0];
        int number = 1;
        foreach (string folder in Directory.GetDirectories(Folder, "root*").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(folder);
            (string uuid, string label) = Identity(name);
            MemoryVolume volume = host.Add(name == "root" ? grubName : $"{disk},msdos{number + 10}", label, uuid);
            foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                volume.Files["/" + Path.GetRelativePath(folder, file)] = File.ReadAllBytes(file);
            }

            number++;
        }

        foreach (JsonElement other in Volumes.Where(volume => Text(volume, "dir") is null))
        {
            host.Add($"hd{number++}", Text(other, "label") ?? "", Text(other, "uuid") ?? ""); // Only its name counts: nothing is on it.
        }

        return host;
    }

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static string[]? Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : null;

    private (string Uuid, string Label) Identity(string folder)
    {
        JsonElement volume = Volumes.FirstOrDefault(volume => Text(volume, "dir") == folder);
        return volume.ValueKind == JsonValueKind.Undefined ? ("", "") : (Text(volume, "uuid") ?? "", Text(volume, "label") ?? "");
    }

    private JsonElement? Part(string name) =>
        _json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;
}
