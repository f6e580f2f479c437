using System.Text;

namespace BlockRbd.Testing;

/// <summary>A guest's volumes with the text files that it boots by, written down in one file.</summary>
/// <remarks>
/// Lines up to the first "--- ": "volume NAME KIND [uuid=…] [label=…]" (KIND ext4 or vfat; partitions of hd0 alone), "config NAME PATH" (what GRUB starts with), "menu NAME PATH" (the file
/// whose menu is shown, where it is another one), "platform NAME"; "#" begins a comment. Then "--- NAME PATH" and the text, for each file.
/// </remarks>
public sealed class GuestDescription
{
    private GuestDescription(string name) => Name = name;

    /// <summary>The file's name without its extension.</summary>
    public string Name { get; }

    /// <summary>Volumes in order.</summary>
    public List<GuestPart> Volumes { get; } = [];

    /// <summary>Text by volume and path.</summary>
    public Dictionary<(string Volume, string Path), string> Files { get; } = [];

    /// <summary>Where GRUB starts.</summary>
    public (string Volume, string Path) Config { get; private set; }

    /// <summary>The file whose end is the last line before the menu is shown.</summary>
    public (string Volume, string Path) Menu { get; private set; }

    /// <summary>grub_platform.</summary>
    public string Platform { get; private set; } = "pc";

    /// <summary>Reads one.</summary>
    public static GuestDescription Load(string file)
    {
        GuestDescription guest = new(Path.GetFileNameWithoutExtension(file));
        StringBuilder? text = null;
        (string, string) at = default;
        foreach (string line in File.ReadAllText(file, Encoding.Latin1).TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("--- ", StringComparison.Ordinal))
            {
                Keep();
                string[] place = line.Split(' ', 3);
                at = (place[1], place[2]);
                text = new StringBuilder();
            }
            else if (text is not null)
            {
                text.Append(line).Append('\n');
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                guest.Header(line.Split(' '));
            }
        }

        Keep();
        guest.Menu = guest.Menu.Path is null ? guest.Config : guest.Menu;
        return guest;

        void Keep()
        {
            if (text is not null)
            {
                guest.Files[at] = text.ToString();
            }
        }
    }

    /// <summary>The guest as our library sees it.</summary>
    public MemoryHost Host()
    {
        MemoryHost host = new();
        foreach (GuestPart part in Volumes)
        {
            MemoryVolume volume = host.Add(part.Name, part.Label, part.Uuid);
            foreach (((string _, string path), string text) in Files.Where(file => file.Key.Volume == part.Name))
            {
                volume.File(path, text);
            }
        }

        return host;
    }

    private void Header(string[] words)
    {
        switch (words)
        {
            case ["volume", string name, string kind, .. var rest]:
                Volumes.Add(new GuestPart(name, kind, Value(rest, "uuid="), Value(rest, "label=")));
                break;
            case ["config", string name, string path]:
                Config = (name, path);
                break;
            case ["menu", string name, string path]:
                Menu = (name, path);
                break;
            case ["platform", string name]:
                Platform = name;
                break;
            default:
                throw new InvalidDataException($"{Name}: {string.Join(' ', words)}");
        }
    }

    private static string Value(string[] words, string key) => words.FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal))?[key.Length..] ?? "";
}

/// <summary>A partition of hd0.</summary>
/// <param name="Name">GRUB's: "hd0,gpt2".</param>
/// <param name="Kind">"ext4" or "vfat".</param>
/// <param name="Uuid">The filesystem's as GRUB spells it.</param>
/// <param name="Label">The filesystem's.</param>
public sealed record GuestPart(string Name, string Kind, string Uuid, string Label);
