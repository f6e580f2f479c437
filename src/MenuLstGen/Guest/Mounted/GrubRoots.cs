using System.Globalization;
using System.Text.RegularExpressions;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>What --grub-root says: PV-GRUB's names of the partitions at mount points.</summary>
internal sealed partial class GrubRoots
{
    private readonly Dictionary<string, (int Disk, int? Partition)> _names = [];

    /// <exception cref="GenException">One of them is no such name.</exception>
    public GrubRoots(IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            Match match = Form().Match(text);
            if (!match.Success)
            {
                throw new GenException(ExitCode.Usage, $"--grub-root={text}: write it as '(hd0,0)', or '/boot=(hd0,0)' for what is mounted there");
            }

            string point = match.Groups[1].Success ? match.Groups[1].Value : "/";
            _names[point.Length > 1 ? point.TrimEnd('/') : point] = (
                int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture),
                match.Groups[3].Success ? int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) + 1 : null);
        }
    }

    /// <summary>Disk from 0, partition from 1 or null for the whole disk; null where nothing was said of this mount point.</summary>
    public (int Disk, int? Partition)? At(string point) => _names.TryGetValue(point, out (int, int?) name) ? name : null;

    [GeneratedRegex(@"^(?:(/[^=]*)=)?\(hd([0-9]{1,3})(?:,([0-9]{1,3}))?\)$")]
    private static partial Regex Form();
}
