namespace BlockRbd.Ceph.Mappings;

/// <summary>Where this host has what mapping needs; tests have it elsewhere.</summary>
/// <param name="Rbd">The rbd program.</param>
/// <param name="Sys">/sys</param>
/// <param name="Dev">/dev</param>
/// <param name="Proc">/proc</param>
public sealed record HostPaths(string Rbd = "/usr/bin/rbd", string Sys = "/sys", string Dev = "/dev", string Proc = "/proc")
{
    /// <summary>/sys/bus/rbd, which is there once the module is.</summary>
    public string RbdBus => Path.Combine(Sys, "bus", "rbd");

    /// <summary>A one-line file's text without the line's end; null where it isn't there or can't be read.</summary>
    internal static string? ReadLine(params string[] parts)
    {
        try
        {
            return File.ReadAllText(Path.Combine(parts)).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names in a folder; none where it isn't there or can't be read.</summary>
    internal static IReadOnlyList<string> Names(params string[] parts)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Path.Combine(parts)).Select(static path => Path.GetFileName(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
