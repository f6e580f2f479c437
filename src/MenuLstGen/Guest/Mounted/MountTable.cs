using System.Text;

namespace BlockRbd.MenuLstGen.Guest.Mounted;

/// <summary>One mounted filesystem.</summary>
/// <param name="Device">"major:minor".</param>
/// <param name="Root">The directory of the filesystem that is mounted: "/", or a subvolume.</param>
/// <param name="Point">Where.</param>
/// <param name="FileSystem">The kernel's name of it: "ext4".</param>
/// <param name="Source">What was mounted: "/dev/xvda1".</param>
internal sealed record Mount(string Device, string Root, string Point, string FileSystem, string Source);

/// <summary>Reads /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
internal static class MountTable
{
    /// <summary>The mounts at a directory and below it, each place once: the one that is seen there.</summary>
    public static IReadOnlyList<Mount> At(string path, string directory)
    {
        string prefix = directory.TrimEnd('/') + "/";
        Dictionary<string, Mount> seen = [];
        foreach (string line in File.ReadLines(path))
        {
            if (Parse(line) is { } mount && (mount.Point == directory || mount.Point.StartsWith(prefix, StringComparison.Ordinal)))
            {
                seen[mount.Point] = mount; // a later one covers the earlier
            }
        }

        return [.. seen.Values.OrderBy(mount => mount.Point, StringComparer.Ordinal)];
    }

    private static Mount? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int dash = Array.IndexOf(fields, "-", 6 < fields.Length ? 6 : 0);
        return dash < 6 || fields.Length < dash + 3
            ? null
            : new Mount(fields[2], Plain(fields[3]), Plain(fields[4]), fields[dash + 1], Plain(fields[dash + 2]));
    }

    /// <summary>Blanks, tabs, newlines and backslashes stand there in octal.</summary>
    private static string Plain(string field)
    {
        StringBuilder text = new();
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)Convert.ToInt32(field.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }
}
