using System.Globalization;

namespace BlockRbd.BootConfig.GrubLegacy;

/// <summary>GRUB legacy's device names: "(hd0,0)" is the first partition of the first disk, "(hd0,4)" the first logical one.</summary>
internal static class LegacyDevice
{
    /// <summary>Cuts "(device)rest" in two; a text without brackets has no device.</summary>
    /// <returns>False where a bracket isn't closed.</returns>
    public static bool TrySplit(string text, out string? device, out string rest)
    {
        device = null;
        rest = text;
        if (text is not ['(', ..])
        {
            return true;
        }

        int end = text.IndexOf(')', StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        device = text[1..end];
        rest = text[(end + 1)..];
        return true;
    }

    /// <summary>The volume of a name without brackets, or null where the guest has none.</summary>
    /// <remarks>GRUB 2's own names ("hd0,msdos1") are taken too, as pygrub does. A BSD slice ("hd0,0,a") is its whole partition.</remarks>
    public static IBootVolume? Find(IBootHost host, string device)
    {
        string[] parts = device.Split(',');
        string partition = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number < int.MaxValue
                ? (number + 1).ToString(CultureInfo.InvariantCulture)
                : string.Empty;
        foreach (IBootVolume volume in host.Volumes)
        {
            string name = volume.GrubName;
            if (name == device || (partition.Length > 0 && (name == $"{parts[0]},msdos{partition}" || name == $"{parts[0]},gpt{partition}")))
            {
                return volume;
            }
        }

        return null;
    }
}
