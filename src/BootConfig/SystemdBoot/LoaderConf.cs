using System.Globalization;

namespace BlockRbd.BootConfig.SystemdBoot;

/// <summary>What loader.conf(5) says of the default entry.</summary>
internal sealed class LoaderConf
{
    private LoaderConf(BootFile? file) => File = file;

    /// <summary>The file; null where there is none.</summary>
    public BootFile? File { get; }

    /// <summary><c>preferred</c>: a pattern for an entry that has tries left; null where it isn't set.</summary>
    public string? Preferred { get; private set; }

    /// <summary><c>default</c>: a pattern for an entry's id, or "@saved"; null where it isn't set.</summary>
    public string? Default { get; private set; }

    /// <summary>Seconds that the menu is shown: null where it waits for ever, 0 where it isn't set or says that there is no menu.</summary>
    public int? TimeoutSeconds { get; private set; } = 0;

    /// <summary><c>editor</c>: whether the menu lets anybody edit.</summary>
    public bool AllowsEditing { get; private set; } = true;

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file, or null where there is none.</param>
    /// <exception cref="GuestDisk.ImageFormatException">It can't be read.</exception>
    public static LoaderConf Read(BootFile? file)
    {
        LoaderConf conf = new(file);
        byte[]? bytes = file?.Volume.ReadFile(file.Path, SystemdBootLimits.MaxConfigBytes);
        foreach ((string key, string value) in LoaderLines.Read(GuestText.FromBytes(bytes ?? [])))
        {
            conf.Set(key, value);
        }

        return conf;
    }

    private void Set(string key, string value)
    {
        switch (key)
        {
            case "preferred":
                Preferred = value.ToLowerInvariant();
                break;
            case "default" when value is not ['@', ..] || value.Equals("@saved", StringComparison.OrdinalIgnoreCase):
                Default = value.ToLowerInvariant();
                break;
            case "timeout" when value == "menu-force":
                TimeoutSeconds = null;
                break;
            case "timeout" when value is "menu-hidden" or "menu-disabled":
                TimeoutSeconds = 0;
                break;
            case "timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds):
                TimeoutSeconds = seconds;
                break;
            case "editor" when value is "0" or "no" or "n" or "false" or "f" or "off":
                AllowsEditing = false;
                break;
            case "editor" when value is "1" or "yes" or "y" or "true" or "t" or "on":
                AllowsEditing = true;
                break;
            default:
                break;
        }
    }
}
