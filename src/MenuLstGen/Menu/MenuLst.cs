using System.Globalization;
using System.Text;

namespace BlockRbd.MenuLstGen.Menu;

/// <summary>One entry as it is written.</summary>
/// <param name="Title">Title.</param>
/// <param name="Root">"(hd0,0)".</param>
/// <param name="Uuid">The filesystem's, by which PV-GRUB 2 finds it; null leaves it out.</param>
/// <param name="Kernel">The kernel's path.</param>
/// <param name="Arguments">Its arguments; may be empty.</param>
/// <param name="Initrd">The initrd's path, with a device where it isn't on <paramref name="Root"/>; null where there is none.</param>
internal sealed record MenuLstEntry(string Title, string Root, string? Uuid, string Kernel, string Arguments, string? Initrd)
{
    /// <summary>The line with the kernel.</summary>
    public string KernelLine => Arguments.Length > 0 ? $"kernel {Kernel} {Arguments}" : $"kernel {Kernel}";
}

/// <summary>A whole menu as it is written.</summary>
/// <param name="Origin">Where it is from, for people.</param>
/// <param name="Default">Number of the entry that boots by itself.</param>
/// <param name="Fallbacks">Numbers of those that are tried then.</param>
/// <param name="Timeout">Seconds; null: it waits for ever.</param>
/// <param name="Entries">The entries.</param>
internal sealed record MenuLst(string Origin, int Default, IReadOnlyList<int> Fallbacks, int? Timeout, IReadOnlyList<MenuLstEntry> Entries)
{
    /// <summary>The text, one character for each byte.</summary>
    public string Text()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# from {Origin}, by menulst-gen\n");
        text.Append(CultureInfo.InvariantCulture, $"default {Default}\n");
        if (Fallbacks.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"fallback {string.Join(' ', Fallbacks)}\n");
        }

        if (Timeout is { } seconds)
        {
            text.Append(CultureInfo.InvariantCulture, $"timeout {seconds}\n");
        }

        foreach (MenuLstEntry entry in Entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"\ntitle {entry.Title}\nroot {entry.Root}\n");
            if (entry.Uuid is { } uuid)
            {
                text.Append(CultureInfo.InvariantCulture, $"uuid {uuid}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{entry.KernelLine}\n");
            if (entry.Initrd is { } initrd)
            {
                text.Append(CultureInfo.InvariantCulture, $"initrd {initrd}\n");
            }
        }

        return text.ToString();
    }
}
