using System.Globalization;
using System.Text;

namespace BlockRbd.BootConfig.Lilo;

/// <summary>Reads a configuration of LILO or ELILO ("lilo.conf", "elilo.conf"), and says what it would boot.</summary>
/// <remarks>What pygrub's LiloConf.py knows of it (image, label, root, initrd, append, read-only, default, timeout), and besides that what stands before the first image counts for all (lilo.conf(5)).</remarks>
public static class LiloConfig
{
    /// <summary>Bytes of one file.</summary>
    private const int MaxConfigBytes = 1 << 20;

    /// <summary>Images of one file. LILO itself takes 19 or 27.</summary>
    private const int MaxImages = 4096;

    private static readonly char[] Blanks = [' ', '\t', '\r', '\v', '\f'];

    /// <summary>Options that an image takes over from what stands before the first one.</summary>
    private static readonly string[] Inherited = ["root", "initrd", "append", "read-only", "read-write"];

    /// <summary>Reads a configuration.</summary>
    /// <param name="host">The guest's volumes.</param>
    /// <param name="volume">The volume that holds the file, and the files that it names.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BootConfigException">There is no such file, or it is beyond a limit.</exception>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static BootMenu Load(IBootHost host, IBootVolume volume, string path)
    {
        _ = host;
        BootFile config = new(volume, path);
        byte[] bytes = volume.ReadFile(path, MaxConfigBytes) ?? throw new BootConfigException($"{GuestText.Display(config.ToString())}: file not found");
        Dictionary<string, string> global = [];
        List<LiloEntry> entries = [];
        Dictionary<string, string> section = global;
        int number = 0;
        foreach (string line in GuestText.FromBytes(bytes).Split('\n'))
        {
            number++;
            (string key, string value) = Cut(line);
            if (key is "image" or "other")
            {
                if (entries.Count == MaxImages)
                {
                    throw new BootConfigException($"{GuestText.Display(config.ToString())}: more than {MaxImages} images");
                }

                section = Inherited.Where(global.ContainsKey).ToDictionary(name => name, name => global[name]);
                entries.Add(new LiloEntry(config, number, entries.Count.ToString(CultureInfo.InvariantCulture), section));
            }

            if (key is "read-only" or "read-write")
            {
                section.Remove(key == "read-only" ? "read-write" : "read-only");
            }

            if (key.Length > 0)
            {
                section[key] = value;
            }
        }

        return Menu(config, global, entries);
    }

    private static BootMenu Menu(BootFile config, Dictionary<string, string> global, List<LiloEntry> entries)
    {
        string? name = global.GetValueOrDefault("default");
        LiloEntry? named = name is null ? null : entries.FirstOrDefault(entry => entry.Title == name);
        int? timeout = int.TryParse(global.GetValueOrDefault("timeout"), NumberStyles.None, CultureInfo.InvariantCulture, out int tenths) ? (int)((tenths + 9L) / 10) : null;
        return new BootMenu
        {
            Format = "LILO",
            Config = config,
            Entries = entries,
            Default = named ?? (entries.Count > 0 ? entries[0] : null),
            DefaultReason = name is null ? "default is not set: the first image"
                : named is null ? $"default is \"{GuestText.Display(name)}\", which no image is called: the first image"
                : $"default is \"{GuestText.Display(name)}\"",
            TimeoutSeconds = global.ContainsKey("prompt") ? timeout : 0, // without "prompt" it waits for nobody
            TimeoutStyle = global.ContainsKey("prompt") ? "menu" : "hidden",
            Select = selector => EntryNames.Select(entries, selector, static entry => entry),
        };
    }

    /// <summary>"key = value", "key=value" or "key"; quotes around a value are taken off, and a comment ends an unquoted line.</summary>
    private static (string Key, string Value) Cut(string line)
    {
        string text = line.Trim(Blanks);
        if (text is ['#', ..])
        {
            return (string.Empty, string.Empty);
        }

        int end = text.IndexOfAny([' ', '\t', '=']);
        if (end < 0)
        {
            return (text, string.Empty);
        }

        string value = text[end..].TrimStart([.. Blanks, '=']);
        if (value is ['"', ..])
        {
            return (text[..end], Quoted(value));
        }

        int comment = value.IndexOf('#', StringComparison.Ordinal);
        return (text[..end], (comment < 0 ? value : value[..comment]).TrimEnd(Blanks));
    }

    /// <summary>What stands in quotes, up to the next one; a backslash takes a quote, or another backslash, as it is.</summary>
    private static string Quoted(string value)
    {
        StringBuilder text = new();
        for (int i = 1; i < value.Length && value[i] != '"'; i++)
        {
            i += value[i] == '\\' && i + 1 < value.Length && value[i + 1] is ('"' or '\\') ? 1 : 0;
            text.Append(value[i]);
        }

        return text.ToString();
    }
}
