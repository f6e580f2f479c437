using System.Globalization;
using System.Text.RegularExpressions;
using BlockRbd.BootConfig;

namespace BlockRbd.MenuLstGen.Menu;

/// <summary>GRUB legacy's names of devices: it counts partitions from 0.</summary>
internal static partial class LegacyName
{
    /// <summary>"(hd0,0)" for "hd0,msdos1" and "hd0,gpt1", "(hd0)" for "hd0"; null for what it has no name for: LVM, RAID.</summary>
    public static string? Of(string grubName)
    {
        Match match = Form().Match(grubName);
        return !match.Success ? null
            : !match.Groups[2].Success ? $"(hd{match.Groups[1].Value})"
            : string.Create(CultureInfo.InvariantCulture, $"(hd{match.Groups[1].Value},{int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) - 1})");
    }

    /// <summary>
    /// The UUID for the menu's <c>uuid</c> line. GRUB 2 for Xen calls disks (xen/xvda) and has no (hd0): of the two lines it heeds this one. GRUB 0.97
    /// leaves out commands that it doesn't know while it reads the file, and pygrub does too.
    /// </summary>
    /// <returns>Null where there is none, or one that is no UUID: a guest's fstab may hold anything.</returns>
    public static string? UuidOf(IBootVolume volume) => UuidForm().IsMatch(volume.Uuid) ? volume.Uuid : null;

    [GeneratedRegex("^[0-9A-Fa-f-]{4,36}\\z")]
    private static partial Regex UuidForm();

    [GeneratedRegex("^hd([0-9]{1,3})(?:,(?:msdos|gpt)([1-9][0-9]{0,2}))?$")]
    private static partial Regex Form();
}
